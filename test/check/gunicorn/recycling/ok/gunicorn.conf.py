workers = 4
max_requests = 1000
max_requests_jitter = 100
graceful_timeout = 330
