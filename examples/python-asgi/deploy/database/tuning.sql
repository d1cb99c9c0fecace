-- What makes beyondcloud quick and what shows why it is not. As a superuser, once, and after large changes:
--   psql -X -h localhost -p 5432 -U postgres -d beyondcloud -f deploy/database/tuning.sql
\set ON_ERROR_STOP on

-- --- Who gets in: pg_hba.conf on the database's machine, then SELECT pg_reload_conf() ---
-- Beside the service: nobody from elsewhere (listen_addresses = localhost, or a network of its own).
-- host    "beyondcloud" all 127.0.0.1/32 scram-sha-256

-- --- Connections ---
-- beyondcloud-python runs at most 30 with a pool each, and twice as many during an update. A pool may have at most
--   (max_connections - superuser_reserved_connections - 10 for people, backups and migrations) / 60
-- connections. A proxy such as PgBouncer in transaction mode is the answer to more processes, not a larger number.
SELECT current_setting('max_connections')::int AS max_connections,
  (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - 10) / 60 AS largest_pool,
  (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS in_use;

-- --- Size: how much is kept decides how large the disk has to be. Ask again after a week, and the difference is its growth ---
SELECT pg_size_pretty(pg_database_size(current_database())) AS database_size;
SELECT relname AS table_name, n_live_tup AS live_rows, pg_size_pretty(pg_total_relation_size(relid)) AS size_with_indexes
FROM pg_stat_user_tables ORDER BY pg_total_relation_size(relid) DESC LIMIT 20;

-- --- Slow statements ---
-- In the server's log from one second on, for the service's role: a SET in this session would be gone with it.
ALTER ROLE "beyondcloud" IN DATABASE "beyondcloud" SET log_min_duration_statement = '1000ms';
-- Without the parameters, which are what people wrote (from PostgreSQL 13 on).
SELECT current_setting('server_version_num')::int >= 130000 AS hides_parameters \gset
\if :hides_parameters
ALTER ROLE "beyondcloud" IN DATABASE "beyondcloud" SET log_parameter_max_length = 0;
\endif
-- For every role of the server instead:
--   ALTER SYSTEM SET log_min_duration_statement = '1000ms';
--   SELECT pg_reload_conf();

-- --- Statistics, from which plans are made; autovacuum keeps them, but not at once after an import or a restore ---
ANALYZE;

-- --- Indexes ---
-- Tables that are read from end to end although they are large:
SELECT relname AS table_name, seq_scan, idx_scan, n_live_tup AS live_rows, pg_size_pretty(pg_relation_size(relid)) AS size
FROM pg_stat_user_tables WHERE seq_scan > coalesce(idx_scan, 0) AND n_live_tup > 10000 ORDER BY seq_tup_read DESC LIMIT 20;
-- Indexes that nothing has used since the statistics began, and that guard nothing:
SELECT s.relname AS table_name, s.indexrelname AS index_name, pg_size_pretty(pg_relation_size(s.indexrelid)) AS size
FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
WHERE s.idx_scan = 0 AND NOT i.indisunique ORDER BY pg_relation_size(s.indexrelid) DESC LIMIT 20;
-- Foreign keys without an index that begins with their columns:
SELECT conrelid::regclass AS table_name, conname AS foreign_key FROM pg_constraint c
WHERE contype = 'f' AND NOT EXISTS (
  SELECT FROM pg_index i WHERE i.indrelid = c.conrelid AND i.indkey[0] = c.conkey[1]
);
-- Rows that were replaced or deleted and whose space waits for autovacuum:
SELECT relname AS table_name, n_live_tup AS live_rows, n_dead_tup AS dead_rows, last_autovacuum, last_autoanalyze
FROM pg_stat_user_tables WHERE n_dead_tup > 1000 ORDER BY n_dead_tup DESC LIMIT 20;
