\set owner 'chat_owner'
\set app 'chat'
\set app 'chat_admin'
\set other `printf %s "$OTHER"`
ALTER ROLE :"owner" CREATEROLE;
ALTER ROLE :"app" CREATEROLE;
ALTER ROLE :"other" CREATEROLE;
ALTER ROLE :"never_set" CREATEROLE;
SELECT ':owner'::text, 'x'::varchar;
