workers = 3
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 45
max_requests = 2000
max_requests_jitter = 400
worker_tmp_dir = "/dev/shm"
