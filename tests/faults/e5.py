"""E5: fifty slow uploads and fifty silent connections delay no other client, and cost no CPU.

    python -m tests.faults.e5 [--rounds 4] [--requests 150] [--turns 8]

The list's p99 beside them ÷ without them, in turns, of the web process of `make run` and of nginx
with deploy/nginx/ublog.conf before it; then the CPU of a request ÷ gunicorn's own gthread's, in
turns of 100 requests, by the clocks of the processes. Ends with status 1 when a ratio is worse
than 2.5 (p99) or 1.05 (CPU), when a request for the list fails, or a slow upload is not stored.
"""

import argparse
import statistics
import sys
import time
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.faults import nginx
from tests.faults.fleet import fleet
from tests.faults.load import NO_LIMITS
from tests.faults.site import MODULES, Site, eventually, free_port, is_up, site
from tests.faults.slow import SlowClients

LIST = "/api/fbv/posts/"
P99, CPU = 2.5, 1.05  # at most so many times
PAUSE = 0.02  # seconds between two requests, so that a phase lasts
UPLOADS = SILENT = 50
GTHREAD = [*MODULES["web"][:-1], "--worker-class", "gthread"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--requests", type=int, default=150)
    parser.add_argument("--turns", type=int, default=8)
    options = parser.parse_args()
    bad = 0
    with site(**NO_LIMITS) as made:
        made.start("web")
        eventually(lambda: is_up(made.port))
        for _ in range(20):
            made.publish()
        bad |= latency("make run", made.port, options.rounds, options.requests)
        bad |= cpu(made, options.turns)
    if nginx.PROGRAM:
        with fleet(1) as running:
            for _ in range(20):
                running.made.publish()
            bad |= latency("nginx", running.made.port, options.rounds, options.requests)
    return bad


def latency(name: str, port: int, rounds: int, requests: int) -> int:
    """Measure the list alone and beside slow clients, alternating. Return 1 when it is too slow."""
    alone: list[float] = []
    beside: list[float] = []
    ended: dict[str, int] = {}
    for _ in range(rounds):
        alone += times(port, requests)
        with SlowClients(port, uploads=UPLOADS, silent=SILENT) as slow:
            beside += times(port, requests)
        for how, count in slow.result.items():
            ended[how] = ended.get(how, 0) + count
    failed = sum(taken == float("inf") for taken in alone + beside)
    ratio = p99(beside) / p99(alone)
    stored = ended.get("201", 0)
    print(
        f"E5 {name}: list beside {UPLOADS} slow uploads and {SILENT} silent connections, "
        f"{rounds} × {requests} requests: p99 {p99(alone) * 1000:.1f} → "
        f"{p99(beside) * 1000:.1f} ms ({ratio:.2f} ×), median "
        f"{statistics.median(alone) * 1000:.1f} → "
        f"{statistics.median(beside) * 1000:.1f} ms, {failed} failed; {stored} of "
        f"{rounds * UPLOADS} uploads stored: {ended}",
        flush=True,
    )
    return int(ratio > P99 or failed > 0 or stored != rounds * UPLOADS)


def times(port: int, requests: int) -> list[float]:
    """Return the seconds of a request over a new connection; infinite when it fails."""
    seen = []
    for _ in range(requests):
        seen.append(taken(port))
        time.sleep(PAUSE)
    return seen


def taken(port: int, own: str = "127.0.0.1") -> float:
    """Connect from a given source address, any of 127.0.0.0/8."""
    began = time.monotonic()
    reader = HTTPConnection("127.0.0.1", port, timeout=10, source_address=(own, 0))
    with closing(reader) as connection:
        try:
            connection.request("GET", LIST)
            response = connection.getresponse()
            response.read()
        except (OSError, HTTPException):
            return float("inf")
    return time.monotonic() - began if response.status == 200 else float("inf")


def p99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99)]


def cpu(made: Site, turns: int) -> int:
    """Compare the CPU of a request with gthread's, over new and over one kept-alive connection."""
    other = free_port()
    made.launch("gthread", [sys.executable, "-m", *GTHREAD, "--bind", f"127.0.0.1:{other}"])
    eventually(lambda: is_up(other))
    bad = 0
    for kind, ask in (("new connections", new_connections), ("one connection", one_connection)):
        used: dict[str, list[float]] = {"web": [], "gthread": []}
        for turn in range(turns + 1):
            for name, port in (("web", made.port), ("gthread", other)):
                before = clock(made, name)
                ask(port, 100)
                if turn:  # the first is for warming up
                    used[name].append((clock(made, name) - before) / 100)
        ours, theirs = (statistics.median(used[name]) for name in used)
        least = min(used["web"]) / min(used["gthread"])
        print(
            f"E5 CPU a request, {kind}, {turns} turns: {ours * 1e6:.0f} µs, gthread "
            f"{theirs * 1e6:.0f} µs: {ours / theirs:.3f} × (least of each: {least:.3f} ×)",
            flush=True,
        )
        # The noise of a busy machine raises the one or the other.
        bad |= int(min(ours / theirs, least) > CPU)
    return bad


def new_connections(port: int, requests: int) -> None:
    for _ in range(requests):
        if taken(port) == float("inf"):
            raise AssertionError("A request for the list failed")


def one_connection(port: int, requests: int) -> None:
    with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        for _ in range(requests):
            connection.request("GET", LIST)
            connection.getresponse().read()


def clock(made: Site, name: str) -> float:
    """Return the seconds of CPU of the worker processes (clock_getcpuclockid in Linux)."""
    parent = made.running[name].pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return sum(time.clock_gettime(~int(pid) << 3 | 2) for pid in children)


if __name__ == "__main__":
    sys.exit(main())
