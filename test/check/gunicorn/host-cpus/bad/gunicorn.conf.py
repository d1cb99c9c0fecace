import multiprocessing

# one for each
workers = multiprocessing.cpu_count() * 2 + 1
