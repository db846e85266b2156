"""Web instances behind nginx. Their sockets are kept by this process, as systemd keeps that of
ublog-web.socket: whoever comes while one is started again waits."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import nginx
from tests.faults.load import NO_LIMITS
from tests.faults.site import MODULES, Site, answers, eventually, site

WEB = [sys.executable, "-m", *MODULES["web"]]


class Fleet:
    """So many web instances of a site, by name `web0`, `web1`, …, and nginx before them."""

    def __init__(self, made: Site, instances: int) -> None:
        self.made = made
        self.doors = {
            f"web{number}": socket.create_server(("127.0.0.1", 0), backlog=2048)
            for number in range(instances)
        }

    def start(self, name: str) -> None:
        door = self.doors[name].fileno()
        self.made.launch(name, [*WEB, f"fd://{door}"], files=(door,))

    def start_nginx(self) -> None:
        places = [f"127.0.0.1:{door.getsockname()[1]} max_fails=0" for door in self.doors.values()]
        upstreams = places * (2 if len(places) == 1 else 1)  # as the file has it
        listen = f"127.0.0.1:{self.made.port}"
        self.made.launch("nginx", nginx.command(self.made.data.parent / "nginx", listen, upstreams))
        eventually(lambda: answers(self.made.port))

    def ready(self) -> bool:
        return self.made.fetch("/health/web/")[0] == 200

    def workers(self, name: str) -> list[int]:
        """The processes of an instance that answer requests."""
        parent = self.made.running[name].pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return list(map(int, children.split()))


@contextmanager
def fleet(instances: int, **variables: str) -> Iterator[Fleet]:
    """A running site of so many instances behind nginx, on SQLite."""
    with site(UBLOG_TRUSTED_PROXIES="1", **NO_LIMITS, **variables) as made:
        running = Fleet(made, instances)
        for name in running.doors:
            running.start(name)
        running.start_nginx()
        eventually(running.ready)
        yield running
