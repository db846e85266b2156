"""A WSGI application that says what it was sent, under ublog.run.gunicorn_worker with patience and
budgets that a test can wait for and fill."""

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

from tests.faults.site import ROOT, answers, eventually, free_port

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
    """/sleep takes a second; /BYTES is a response of so many, /file is a file; else the request as
    JSON. Each is noted in the file that ECHO_LOG names."""
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
    """A server of `application`. `ran` is the paths of the requests that it was given."""

    def __init__(
        self, folder: Path, bind: str, files: tuple[int, ...], connections: int, changed: dict
    ) -> None:
        self.port = free_port()
        self.bind = bind or f"127.0.0.1:{self.port}"
        self.log = folder / "ran"
        self.said = folder / "gunicorn.log"
        conf = folder / "echo.conf.py"
        conf.write_text(CONF.format(bind=self.bind, connections=connections, changed=changed))
        command = [sys.executable, "-m", "gunicorn", "--config", str(conf)]
        with open(self.said, "wb") as output:
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
    folder: Path,
    bind: str = "",
    inherited: socket.socket | None = None,
    connections: int = 1000,
    **changed: float,
) -> Iterator[Echo]:
    """A running server; `changed` are constants of ublog.run.gunicorn_worker."""
    files = (inherited.fileno(),) if inherited else ()
    bind = f"fd://{files[0]}" if files else bind
    server = Echo(folder, bind, files, connections, changed)
    try:
        eventually(lambda: "Booting worker" in server.said.read_text())
        if not bind:
            eventually(lambda: answers(server.port))
        yield server
    finally:
        server.process.terminate()
        server.process.wait(60)
