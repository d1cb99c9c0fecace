workers = 4
max_requests = 1000  # against leaks
graceful_timeout = 60
