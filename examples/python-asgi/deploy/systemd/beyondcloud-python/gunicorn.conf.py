# gunicorn for beyondcloud-python; read at its start and again at each reload. A variable GUNICORN_<NAME> of the
# service's environment file stands above each setting here.

import math
import os
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

MIB = 2**20
# What the unit grants, for where the kernel does not tell.
CPUS = 1
MEMORY = 2147483648
# What one worker needs, and the master with its interpreter.
WORKER_MEMORY = 200000000
MASTER_MEMORY = 64 * MIB


def setting(name, default):
    """GUNICORN_<NAME>; an empty one counts as none."""
    return os.environ.get("GUNICORN_" + name) or default


def number(name, default):
    text = str(setting(name, default))
    if not text.isdigit():
        raise ValueError(f"GUNICORN_{name}={text!r} is no whole number")
    return int(text)


def flag(name, default=False):
    return str(setting(name, default)).lower() in ("1", "true", "yes", "on")


def group_files():
    """Where this unit's control group and those above it keep their limits, the nearest first."""
    try:
        with open("/proc/self/cgroup", encoding="ascii") as groups:
            lines = [line.strip().split(":", 2) for line in groups]
    except OSError:
        return
    for _, controllers, path in lines:
        roots = ["/sys/fs/cgroup"] if not controllers else ["/sys/fs/cgroup/" + each for each in controllers.split(",")]
        parts = [part for part in path.split("/") if part]
        for root in roots:
            for length in range(len(parts), -1, -1):
                yield os.path.join(root, *parts[:length])


def first_line(path):
    try:
        with open(path, encoding="ascii") as file:
            return file.readline().split()
    except OSError:
        return []


def granted_cpus():
    """The smallest quota on the way up (cgroup v2, then v1), and never more than the machine has."""
    found = [float(os.cpu_count() or 1)]
    for folder in group_files():
        quota, *period = first_line(os.path.join(folder, "cpu.max")) or ["max"]
        if quota.isdigit() and period:
            found.append(int(quota) / int(period[0]))
        quota = (first_line(os.path.join(folder, "cpu.cfs_quota_us")) or ["-1"])[0]
        period = first_line(os.path.join(folder, "cpu.cfs_period_us"))
        if quota.isdigit() and period:
            found.append(int(quota) / int(period[0]))
    return min(found) if len(found) > 1 else min(found[0], CPUS)


def granted_memory():
    found = []
    for folder in group_files():
        for name in ("memory.max", "memory.limit_in_bytes"):
            value = (first_line(os.path.join(folder, name)) or ["max"])[0]
            # Version 1 says "no limit" by a number beyond any memory.
            if value.isdigit() and int(value) < 2**60:
                found.append(int(value))
    return min(found, default=MEMORY)


def worker_count():
    # By what the workers wait for and the CPUs granted, and never more than the memory holds.
    cpus = granted_cpus()
    by_load = math.floor(cpus * 2) + 1
    by_memory = max(1, (granted_memory() - MASTER_MEMORY) // WORKER_MEMORY)
    return min(by_load, by_memory)


# Behind a proxy on this machine.
bind = setting("BIND", "127.0.0.1:8001")
backlog = number("BACKLOG", 2048)
forwarded_allow_ips = setting("FORWARDED_ALLOW_IPS", os.environ.get("FORWARDED_ALLOW_IPS") or "127.0.0.1,::1")

workers = number("WORKERS", os.environ.get("WEB_CONCURRENCY") or worker_count())
from draining_worker import DrainingWorker as worker_class  # noqa: E402

# The drain: how long what is in flight goes on after a stop or a reload.
drain = number("GRACEFUL_TIMEOUT", 120)
# The master waits a little longer, so that a worker's last words are never cut.
graceful_timeout = drain + 2
os.environ["GUNICORN_DRAIN"] = str(drain)
# Silence after which a worker is replaced; it counts on while a worker drains.
timeout = number("TIMEOUT", max(125, graceful_timeout + 3))
if timeout <= graceful_timeout:
    raise ValueError(f"GUNICORN_TIMEOUT={timeout} would end workers in the middle of their drain of {drain} s")
# Longer than the proxy keeps a connection, so that it never sends into one that closes.
keepalive = number("KEEPALIVE", 80)
# A worker makes room for a new one after this many requests; 0 is never.
max_requests = number("MAX_REQUESTS", 1000)
max_requests_jitter = number("MAX_REQUESTS_JITTER", 50)
# Preloaded code is shared by the workers, and a reload then leaves it as it is.
preload_app = flag("PRELOAD")

# The release as it is now: a worker that starts after a switch of the link still is of this one.
chdir = os.path.realpath("/opt/beyondcloud/current/app/beyondcloud-python")
pythonpath = os.path.realpath("/opt/beyondcloud/current/app/beyondcloud-python")

# Memory, not a disk, for what workers say "I live" with; gone with the service.
runtime = os.environ.get("RUNTIME_DIRECTORY", "/tmp")
worker_tmp_dir = runtime
# From gunicorn 25.1 on it would stand under $HOME.
control_socket = os.path.join(runtime, "control.sock")

loglevel = setting("LOG_LEVEL", "info")
errorlog = "-"
accesslog = setting("ACCESS_LOG", None)
proc_name = "beyondcloud-python"

if workers > 1:
    # prometheus_client adds the workers' numbers up by files in this folder.
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", os.path.join(runtime, "prometheus"))

multiprocess = None
if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    try:
        # Already here: gunicorn 23 calls child_exit from a signal's handler, also in the middle of another call of it,
        # which would find this half imported, and the master would fall when its workers end together.
        from prometheus_client import multiprocess
    except ImportError:
        pass


def on_starting(server):
    """The last run's numbers would be counted again."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder and os.path.dirname(folder) == runtime:
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)


def child_exit(server, worker):
    """The gauges of a worker that is gone count no more."""
    if multiprocess:
        multiprocess.mark_process_dead(worker.pid)
