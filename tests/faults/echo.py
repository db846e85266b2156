"""A WSGI application that returns what it was sent, under ublog.run.gunicorn_worker.

Timeouts and limits of the worker are small enough for a test to wait for and to fill.
"""

import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

from tests.faults.site import ROOT, eventually, free_port, is_up

FILE = ROOT / "poetry.lock"  # of half a megabyte
CONF = """
from ublog.run.gunicorn_worker import incoming, spool, worker as worker_module
for module in (incoming, spool, worker_module):
    vars(module).update({changed})
worker_class = "ublog.run.gunicorn_worker.Worker"
threads = 2
bind = "{bind}"
keepalive = 5
control_socket_disable = True
worker_connections = {connections}
"""


def application(environ: dict, start_response: Callable) -> Iterable[bytes]:
    """Return the request as JSON; /BYTES is that many bytes, /file a file, /sleep takes a second.

    Each request is logged in the file that ECHO_LOG names.
    """
    body = environ["wsgi.input"].read()
    path = environ["PATH_INFO"].lstrip("/")
    said = {
        "method": environ["REQUEST_METHOD"],
        "path": path,
        "length": environ.get("CONTENT_LENGTH", ""),
        "received": len(body),
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    with open(os.environ["ECHO_LOG"], "a") as log:
        log.write(path + "\n")
    if path == "sleep":
        time.sleep(1)
    if path == "file":
        start_response("200 OK", [("Content-Length", str(os.stat(FILE).st_size))])
        return environ["wsgi.file_wrapper"](open(FILE, "rb"))
    content = bytes(int(path)) if path.isdigit() else f"{json.dumps(said)}\n".encode()
    start_response("200 OK", [("Content-Length", str(len(content)))])
    return [content]


class Echo:
    """A server of `application`. `ran` has the paths of the requests that it ran."""

    def __init__(
        self, directory: Path, bind: str, files: tuple[int, ...], connections: int, changed: dict
    ) -> None:
        self.port = free_port()
        self.bind = bind or f"127.0.0.1:{self.port}"
        self.log = directory / "ran"
        self.output = directory / "gunicorn.log"
        conf = directory / "echo.conf.py"
        conf.write_text(CONF.format(bind=self.bind, connections=connections, changed=changed))
        command = [sys.executable, "-m", "gunicorn", "--config", str(conf)]
        with open(self.output, "wb") as output:
            self.process = Popen(
                [*command, "tests.faults.echo:application"],
                cwd=ROOT,
                env={**os.environ, "ECHO_LOG": str(self.log)},
                stdout=output,
                stderr=output,
                pass_fds=files,
            )

    @property
    def ran(self) -> list[str]:
        return self.log.read_text().split() if self.log.exists() else []


@contextmanager
def echo(
    directory: Path,
    bind: str = "",
    inherited: socket.socket | None = None,
    connections: int = 1000,
    **changed: float,
) -> Iterator[Echo]:
    """Yield a running server; `changed` overrides constants of ublog.run.gunicorn_worker."""
    files = (inherited.fileno(),) if inherited else ()
    bind = f"fd://{files[0]}" if files else bind
    server = Echo(directory, bind, files, connections, changed)
    try:
        eventually(lambda: "Booting worker" in server.output.read_text())
        if not bind:
            eventually(lambda: is_up(server.port))
        yield server
    finally:
        server.process.terminate()
        server.process.wait(60)
