"""Load by wrk (https://github.com/wg/wrk), and requests to several servers alternating."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from bench.requests import Request, check

SCRIPT = Path(__file__).with_name("load.lua")


def find_wrk() -> None:
    """Exit with what to install when wrk is missing; on Debian, root gets it installed."""
    if shutil.which("wrk"):
        return
    if shutil.which("apt-get") and os.getuid() == 0:
        print("bench: installing wrk", flush=True)
        subprocess.run(["apt-get", "install", "-qq", "-y", "wrk"], stdout=subprocess.DEVNULL)
    if not shutil.which("wrk"):
        sys.exit("The bench needs wrk: apt install wrk, or brew install wrk")


def load(
    port: int, requests: Sequence[Request], *, seconds: int, connections: int
) -> dict[str, Any]:
    """Send the requests over and over for that long, on kept-alive connections.

    Returns `requests` (those with a response), `seconds`, `errors` (a status of 400 or more, a
    broken or silent connection), `p50_ms` and `p99_ms`.
    """
    with tempfile.NamedTemporaryFile(suffix=".requests") as file:
        file.write(b"\0".join(request.raw() for request in requests))
        file.flush()
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "20s"]
        command += ["-s", str(SCRIPT), f"http://127.0.0.1:{port}", "--", file.name]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=seconds + 60)
    if ran.returncode:
        raise RuntimeError(f"wrk failed: {ran.stdout[-500:]}{ran.stderr[-500:]}")
    measured: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return measured


def alternate(
    targets: Sequence[tuple[int, Sequence[Request]]], times: int, batch: int, connections: int = 1
) -> list[list[float]]:
    """Send each port its requests over and over, `batch` of them before the next port's.

    Each port gets `times` requests. Other work of the machine affects all ports alike. Returns
    for each port the seconds until each response. Raises RuntimeError for an error.
    """
    with ExitStack() as stack:
        threads = stack.enter_context(ThreadPoolExecutor(connections))

        def connect(port: int) -> HTTPConnection:
            return stack.enter_context(closing(HTTPConnection("127.0.0.1", port)))

        turns: list[tuple[list[HTTPConnection], Iterator[Request], list[float]]] = [
            ([connect(port) for _ in range(connections)], cycle(requests), [])
            for port, requests in targets
        ]
        for _ in range(times // batch):
            for lines, requests, waited in turns:
                shares = [list(islice(requests, batch // connections)) for _ in lines]
                for seconds in threads.map(send, lines, shares):
                    waited += seconds
    return [waited for _, _, waited in turns]


def send(connection: HTTPConnection, requests: Sequence[Request]) -> list[float]:
    """Send the requests one after the other. Return the seconds until each response."""
    waited = []
    for request in requests:
        started = time.perf_counter()
        connection.request(
            request.method, request.path, request.body.encode() or None, request.headers
        )
        response = connection.getresponse()
        body = response.read()
        waited.append(time.perf_counter() - started)
        check(request, response.status, body)
    return waited
