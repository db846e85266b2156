"""Web instances behind nginx.

This process holds their listening sockets, as systemd holds that of ublog-web.socket, so that
clients wait while an instance is restarted.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults import nginx
from tests.faults.load import NO_LIMITS
from tests.faults.site import MODULES, Site, eventually, is_up, site

WEB = [sys.executable, "-m", *MODULES["web"]]


class Fleet:
    """A number of web instances of a site, named `web0`, `web1`, …, and nginx before them."""

    def __init__(self, made: Site, instances: int) -> None:
        self.made = made
        self.listeners = {
            f"web{number}": socket.create_server(("127.0.0.1", 0), backlog=2048)
            for number in range(instances)
        }

    def start(self, name: str) -> None:
        listener = self.listeners[name].fileno()
        self.made.launch(name, [*WEB, f"fd://{listener}"], files=(listener,))

    def start_nginx(self) -> None:
        places = [
            f"127.0.0.1:{listener.getsockname()[1]} max_fails=0"
            for listener in self.listeners.values()
        ]
        upstreams = places * (2 if len(places) == 1 else 1)  # as the file has it
        listen = f"127.0.0.1:{self.made.port}"
        self.made.launch("nginx", nginx.command(self.made.data.parent / "nginx", listen, upstreams))
        eventually(lambda: is_up(self.made.port))

    def ready(self) -> bool:
        return self.made.fetch("/health/web/")[0] == 200

    def workers(self, name: str) -> list[int]:
        """Return the worker processes of an instance."""
        parent = self.made.running[name].pid
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text()
        return list(map(int, children.split()))


@contextmanager
def fleet(instances: int, **variables: str) -> Iterator[Fleet]:
    """Yield a running site of `instances` web instances behind nginx, on SQLite."""
    with site(UBLOG_TRUSTED_PROXIES="1", **NO_LIMITS, **variables) as made:
        running = Fleet(made, instances)
        for name in running.listeners:
            running.start(name)
        running.start_nginx()
        eventually(running.ready)
        yield running
