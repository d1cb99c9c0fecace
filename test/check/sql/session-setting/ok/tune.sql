ALTER SYSTEM SET shared_buffers = '2GB';
SET work_mem = '64MB';
SET LOCAL statement_timeout = 0;
SET search_path TO app;
ALTER ROLE app SET log_statement = 'all';
