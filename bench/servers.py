"""The servers that are measured, all under gunicorn with the product's configuration."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from bench.requests import Request

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / ".cache" / "bench" / "data"
NO_LIMIT = "1000000000/second"
# Production settings without a rate limit to exceed. The limits are still read and spent.
SETTINGS = {
    "UBLOG_DATA_DIR": str(DATA),
    "UBLOG_SITE_URL": "http://127.0.0.1:8000",
    "UBLOG_COMPARE": "off",  # as on a site that is served: it would measure each request, too
    "UBLOG_SECRET_KEY": "the first key of the bench, 32 bytes or more",
    "UBLOG_TOKEN_KEY": "the other key of the bench, 32 bytes or more",
    "UBLOG_WHO_MAY_JOIN": "open",
    "UBLOG_ANONYMOUS_POSTS": "on",
    "UBLOG_LIMIT_POST": NO_LIMIT,
    "UBLOG_LIMIT_ANONYMOUS_POST": NO_LIMIT,
    "UBLOG_LIMIT_LIKE": NO_LIMIT,
    "UBLOG_LIMIT_ANONYMOUS_SEARCH": NO_LIMIT,
    "CELERY_BROKER_URL": "memory://",
    "DJANGO_SETTINGS_MODULE": "ublog.settings",
    "PYTHONHASHSEED": "0",
}
APPLICATIONS = {
    "ublog": ("ublog.wsgi", {}),
    "before": ("ublog.wsgi", {}),
    "unlogged": ("ublog.wsgi", {"UBLOG_REQUEST_LOG": "off"}),
    "without": ("ublog.wsgi", {"DJANGO_SETTINGS_MODULE": "bench.without"}),
    "bare": ("bench.bare", {}),
    "drf": ("bench.peers.drf", {}),
    "fastapi": ("bench.peers.fast", {}),
    "ninja": ("bench.peers.ninja_api", {}),
    "litestar": ("bench.peers.star", {}),
}
ASGI = {"fastapi", "litestar"}
PEERS = ("drf", "fastapi", "ninja", "litestar")
# A checkout of an earlier commit, to compare with: `make bench BEFORE=../before`. It runs with the
# packages of this one.
BEFORE = Path(os.environ["BEFORE"]).resolve() if os.environ.get("BEFORE") else None


def environment(database: str, **more: str) -> dict[str, str]:
    """Return a site's environment on that database, without the variables of this shell's site."""
    DATA.mkdir(parents=True, exist_ok=True)
    ours = ("UBLOG_", "DATABASE_URL", "REDIS_URL", "CELERY_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, **SETTINGS, "DATABASE_URL": database, **more}


@dataclass
class Server:
    name: str
    port: int
    pid: int

    def fetch(self, request: Request, timeout: float = 60) -> tuple[int, dict[str, str], bytes]:
        """Send a request. Return status, headers and body."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            body = request.body.encode() or None
            connection.request(request.method, request.path, body, request.headers)
            response = connection.getresponse()
            return (
                response.status,
                {k.lower(): v for k, v in response.getheaders()},
                response.read(),
            )
        finally:
            connection.close()


@contextmanager
def serving(name: str, database: str) -> Iterator[Server]:
    """Run one of APPLICATIONS on that database. Yield its server when it responds."""
    module, variables = APPLICATIONS[name]
    port = free_port()
    directory = "deploy" if module.startswith("ublog") else "bench"
    config = ["--config", f"{directory}/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}"]
    if name in ASGI:
        config += ["--worker-class", "uvicorn_worker.UvicornWorker"]
    command = [sys.executable, "-m", "gunicorn", *config, f"{module}:application"]
    variables = environment(database, **variables)
    checkout = BEFORE if name == "before" else ROOT
    with open(DATA / f"{name}.log", "ab") as log:
        process = subprocess.Popen(command, cwd=checkout, env=variables, stdout=log, stderr=log)
    try:
        wait_for(port, process)
        yield Server(name, port, process.pid)
    finally:
        stop(process)


def wait_for(port: int, process: "subprocess.Popen[bytes]", patience: float = 60) -> float:
    """Return the seconds until the port responds with any status."""
    started = time.monotonic()
    while process.poll() is None and time.monotonic() - started < patience:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/health/live/")
            connection.getresponse()
            return time.monotonic() - started
        except (OSError, HTTPException):
            time.sleep(0.05)
        finally:
            connection.close()
    raise RuntimeError(f"A server does not start: see {DATA}")


def stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
