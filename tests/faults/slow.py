"""Slow clients, in a process of their own: some send an image little by little, some send nothing,
and some do not read the response.

    python -m tests.faults.slow PORT --uploads 50 --silent 50 --unread 0

Prints `ready` when all are connected. When its standard input ends, each upload sends the rest, and
the process prints as JSON how many uploads ended with each status (0: no response), and how often a
silent client had to connect again.
"""

import argparse
import json
import selectors
import socket
import sys
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPResponse

from tests.faults.client_process import ClientProcess
from tests.faults.load import BOUNDARY, form, photograph

PIECE, EVERY = 1_400, 0.1  # bytes, seconds: 14 kB a second, as a phone with a poor connection
HEAD = (
    "POST /api/fbv/posts/new/ HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    "Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {length}\r\n\r\n"
)
LARGE = "/static/drf_spectacular_sidecar/redoc/bundles/redoc.standalone.js"


@dataclass
class Slow:
    """One client. `kind` is uploads, silent or unread."""

    kind: str
    port: int
    rest: bytes = b""
    ended: Counter[str] = field(default_factory=Counter)

    def connect(self) -> None:
        self.socket = socket.socket()
        if self.kind == "unread":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.settimeout(60)
        self.socket.connect(("127.0.0.1", self.port))
        if self.kind == "uploads":
            body = form("A slow post", PHOTOGRAPH)
            head = HEAD.format(port=self.port, boundary=BOUNDARY, length=len(body))
            self.rest = head.encode() + body
        elif self.kind == "unread":
            self.socket.sendall(
                f"GET {LARGE} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()
            )

    def go_on(self) -> None:
        """Send a piece; connect again when the server has ended it."""
        try:
            if self.kind == "uploads":
                self.socket.sendall(self.rest[:PIECE])
                self.rest = self.rest[PIECE:]
            elif self.kind == "silent" and self.is_over():
                self.ended["connected again"] += 1
                self.again()
        except OSError:
            self.ended["0"] += 1
            self.again()

    def is_over(self) -> bool:
        with selectors.DefaultSelector() as selector:
            selector.register(self.socket, selectors.EVENT_READ)
            return bool(selector.select(0))

    def again(self) -> None:
        self.socket.close()
        self.connect()

    def send_rest(self) -> None:
        """Send the rest of an upload at once."""
        with suppress(OSError):
            self.socket.sendall(self.rest)

    def finish(self) -> None:
        """Note the status of an upload."""
        if self.kind == "uploads":
            try:
                response = HTTPResponse(self.socket)
                response.begin()
                self.ended[str(response.status)] += 1
            except (OSError, HTTPException):
                self.ended["0"] += 1
        self.socket.close()


class SlowClients(ClientProcess):
    """`with SlowClients(port, uploads=50) as slow:` runs such clients until the block ends.

    Afterwards `slow.result` has the numbers that the process printed.
    """

    def __init__(self, port: int, **numbers: int) -> None:
        options = [f"--{kind}={number}" for kind, number in numbers.items()]
        super().__init__("tests.faults.slow", str(port), *options)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    for kind in ("uploads", "silent", "unread"):
        parser.add_argument(f"--{kind}", type=int, default=0)
    options = parser.parse_args()
    ended: Counter[str] = Counter()
    clients = [
        Slow(kind, options.port, ended=ended)
        for kind in ("uploads", "silent", "unread")
        for _ in range(getattr(options, kind))
    ]
    for client in clients:
        client.connect()
    print("ready", flush=True)
    with selectors.DefaultSelector() as selector:
        selector.register(sys.stdin, selectors.EVENT_READ)
        while not selector.select(0):
            began = time.monotonic()
            for client in clients:
                client.go_on()
            time.sleep(max(0.0, EVERY - (time.monotonic() - began)))
    for end in (Slow.send_rest, Slow.finish):
        for client in clients:
            end(client)
    print(json.dumps(ended))


PHOTOGRAPH = photograph(1_600, 1_200)

if __name__ == "__main__":
    main()
