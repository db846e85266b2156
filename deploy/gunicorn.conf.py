"""gunicorn for μblog: https://docs.gunicorn.org/en/stable/settings.html."""

import gc
import os

from gunicorn.http.wsgi import Response

from ublog.conf.logging import configuration
from ublog.conf.variables import read
from ublog.run.startup import memory_directory

# Threads wait for the database together; a second process uses a second core.
workers = read("UBLOG_WEB_WORKERS") or max(1, (os.cpu_count() or 1) // 2)
threads = read("UBLOG_WEB_THREADS")
# A thread runs requests that are whole: slow clients take none. Its limits are in that module.
worker_class = "ublog.run.gunicorn_worker.Worker"
worker_connections = 1000  # of each process

# When developing, the workers load the code themselves, so that they can reload it.
reload = read("UBLOG_DEBUG")
preload_app = not reload

# Which proxies to believe is said once, by UBLOG_TRUSTED_PROXIES. gunicorn would let anyone on
# this machine, or behind its Unix socket, forge https.
secure_scheme_headers = {}
timeout = 60
graceful_timeout = 30
keepalive = 5
accesslog = None  # core.RequestLog does it
logconfig_dict = configuration(read("UBLOG_LOG_FORMAT"), reload)
control_socket_disable = True
# The heartbeat is a file: in memory, so that a slow disk does not look like a dead worker.
worker_tmp_dir = memory_directory()


class Pieces(list):
    """Stand for a socket and collect what is sent."""

    sendall = list.append


def write_at_once(response, part, write=Response.write):
    """Send the head together with the first part of the body.

    gunicorn sends them one after the other. nginx does not retry a response that has begun, so a
    worker that was killed in between left a GET without one: 6 of 3,800, now none.
    """
    sock, response.sock = response.sock, Pieces()
    try:
        write(response, part)
        sock.sendall(b"".join(response.sock))
    finally:
        response.sock = sock


Response.write = write_at_once


def when_ready(server):
    """Before the workers are forked, load what the first requests would, and keep it shared.

    A collector that visits an object writes to its memory page, which then is no longer shared.
    Frozen objects are not visited: 56 → 27 MB of private memory a worker.
    """
    if preload_app:
        from django.urls import get_resolver

        from ublog.core.observability import counters

        _ = get_resolver().url_patterns
        counters.reset()
        gc.collect()
        gc.freeze()
