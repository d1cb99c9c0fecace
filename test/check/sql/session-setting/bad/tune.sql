SET shared_buffers = '2GB';
SET max_wal_size TO '4GB';
SET SESSION log_statement = 'all';
