CREATE TABLE items (id bigint GENERATED ALWAYS AS IDENTITY, name text);
GRANT SELECT, INSERT ON items TO app_user;
