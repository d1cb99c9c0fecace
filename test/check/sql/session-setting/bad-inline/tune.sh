psql -c 'SET max_connections = 200'
