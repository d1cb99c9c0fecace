#!/bin/sh
psql -U postgres -c 'ALTER DATABASE app OWNER TO app_user'
psql -U postgres <<'SQL'
CREATE USER app_user;
GRANT ALL PRIVILEGES ON DATABASE app TO app_user;
SQL
