\set app 'app_user'
\set given `test -n "$GIVEN" && echo yes || echo no`
ALTER ROLE :"app" CREATEROLE;
GRANT ALL ON SCHEMA public TO :app;
GRANT ALL ON ALL TABLES IN SCHEMA public TO :"reader";
