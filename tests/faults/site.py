"""A site for fault scenarios: real processes and a data directory of its own.

The processes can be killed, frozen and started again.
"""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from types import MappingProxyType

BOUNDARY = "b0undary"
# A new site takes neither members nor anonymous posts.
OPEN = {"UBLOG_WHO_MAY_JOIN": "open", "UBLOG_ANONYMOUS_POSTS": "on"}
NO_LIMITS = {
    "UBLOG_LIMIT_ANONYMOUS_POST": "1000000/minute;1000000/hour",
    "UBLOG_LIMIT_IMAGE": "1000000/minute",
    "UBLOG_LIMIT_IMAGE_BYTES": "1000000000000/day",
    "UBLOG_LIMIT_ANONYMOUS_IMAGE_BYTES": "1000000000000/day",
    "UBLOG_IMAGE_QUOTA_BYTES": "1000000000000",
    "UBLOG_DISK_RESERVE_BYTES": "0",
}
ROOT = Path(__file__).resolve().parents[2]
MODULES = {
    "worker": ["tests.faults.worker"],
    "beat": ["ublog.run.beat"],
    "web": ["gunicorn", "--config", "deploy/gunicorn.conf.py", "ublog.wsgi", "--bind"],
}


class Site:
    """The processes of a site, by name. Their output is in `log` beside the data directory."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "DATABASE_URL") if name in os.environ},
            "UBLOG_DATA_DIR": str(data),
            "UBLOG_SITE_URL": self.url,
            **OPEN,
            "UBLOG_SECRET_KEY": "the first key of a site to break, 32 bytes",
            "UBLOG_TOKEN_KEY": "the other key of a site to break, 32 bytes",
            **variables,
        }

    def run(self, *command: str) -> None:
        """Run a Python command. Raise CalledProcessError when it fails."""
        subprocess.run([sys.executable, *command], cwd=ROOT, env=self.environment, check=True)

    def start(self, name: str) -> None:
        command = [*MODULES[name], f"127.0.0.1:{self.port}"] if name == "web" else MODULES[name]
        self.launch(name, [sys.executable, "-m", *command])

    def launch(self, name: str, command: list[str], files: tuple[int, ...] = ()) -> None:
        with open(self.data.parent / "log", "ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, pass_fds=files
            )

    def signal(self, name: str, number: int) -> None:
        self.running[name].send_signal(number)
        if number == signal.SIGKILL:
            self.running.pop(name).wait()

    def fetch(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> tuple[int, bytes]:
        """Send a request. Return status and body."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return response.status, response.read()

    def publish(self, image: bytes | None = None) -> int:
        """Publish a post as an anonymous user. Return the status."""
        return self.post(image)[0]

    def post(self, image: bytes | None = None) -> tuple[int, bytes]:
        """Publish a post, with an image if one is given. Return status and body."""
        parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="body"\r\n\r\nHello\r\n']
        if image:
            place = 'form-data; name="image"; filename="a.png"\r\nContent-Type: image/png'
            parts.append(f"--{BOUNDARY}\r\nContent-Disposition: {place}\r\n\r\n")
        body = "".join(parts).encode() + (image or b"") + f"\r\n--{BOUNDARY}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.fetch("/api/fbv/posts/new/", "POST", body, headers)

    def stop(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def site(**variables: str) -> Iterator[Site]:
    """Yield a migrated site with an empty database; this process can use its models, too."""
    directory = Path(tempfile.mkdtemp(prefix="ublog-fault-"))
    made = Site(directory / "data", **variables)
    made.data.mkdir(mode=0o700)
    try:
        made.run("manage.py", "prepare")
        os.environ |= {**made.environment, "DJANGO_SETTINGS_MODULE": "ublog.settings"}
        import django

        django.setup()
        yield made
    except BaseException:
        log = directory / "log"
        print(log.read_text()[-3_000:] if log.exists() else "")
        raise
    finally:
        made.stop()
        shutil.rmtree(directory, ignore_errors=True)


def redis_on(made: Site, port: int) -> None:
    """Start a Redis for the site, as its process `redis`, which can be killed and frozen."""
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--dir", "/tmp"]
    made.launch("redis", ["redis-server", *options])
    eventually(lambda: is_up(port))


def is_up(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def eventually(condition: Callable[[], object], patience: float = 120) -> float:
    """Wait until the condition is true. Return the seconds that took.

    Raises AssertionError when it is still false after `patience` seconds.
    """
    started = time.monotonic()
    while not condition():
        if time.monotonic() - started > patience:
            raise AssertionError(f"It did not happen within {patience:.0f} s")
        time.sleep(0.05)
    return time.monotonic() - started


def soon() -> float:
    return random.uniform(0.2, 1.2)
