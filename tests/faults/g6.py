"""G6: PostgreSQL stops and starts again, and its back ends are killed, while people are at work.

    python -m tests.faults.g6 [--quick]

A PostgreSQL of its own. Ends with status 1 on a response 5xx but 503 with Retry-After, on one of
these later than 2 s after PostgreSQL accepts connections again, when something acknowledged is
lost, or when /health/ does not report it. --quick is for slow machines: it ignores the 2 s.
"""

import argparse
import os
import signal
import sys
import tempfile
import time
from contextlib import suppress

import psycopg

from tests import postgres
from tests.faults.load import NO_LIMITS, Load
from tests.faults.site import Site, eventually, is_up, site

LATE = 2.0  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    programs = postgres.find_programs()
    if not programs:
        print("G6 skipped: PostgreSQL is not installed")
        return 0
    with tempfile.TemporaryDirectory(prefix="ublog-postgres-") as directory:
        server = postgres.Server(programs, directory, ["-c", "listen_addresses="])
        server.start()
        try:
            with site(DATABASE_URL=f"{server.address}/postgres", **NO_LIMITS) as made:
                return scenario(made, server, options.quick)
        finally:
            server.stop()


def scenario(made: Site, server: postgres.Server, quick: bool) -> int:
    pause = 1 if quick else 4
    made.start("web")
    eventually(lambda: is_up(made.port))
    calm = []  # from when PostgreSQL accepted until the next fault
    with Load(made.url) as load:
        time.sleep(pause)
        load.phase = "stopped"
        server.stop()
        time.sleep(pause)
        eventually(lambda: load.failed() > 0)
        health = made.fetch("/health/live/")[0], made.fetch("/health/ready/")[0]
        server.start()
        calm.append(rest(LATE + pause))
        load.phase = "back ends ended"
        for _ in range(3):
            terminate(server)
            calm.append(rest(LATE))
        load.phase = "back end killed"
        crash(server)
        calm.append(rest(LATE + pause))
    eventually(lambda: made.fetch("/health/ready/")[0] == 200)
    return report(load, health, late(load, calm), quick)


def terminate(server: postgres.Server) -> None:
    """End every connection but our own."""
    with psycopg.connect(f"{server.address}/postgres", autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def crash(server: postgres.Server) -> None:
    """Kill one back end: PostgreSQL ends all others, and recovers."""
    with psycopg.connect(f"{server.address}/postgres", autocommit=True) as connection:
        victim = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        os.kill(victim, signal.SIGKILL)
        with suppress(psycopg.OperationalError):
            connection.execute("SELECT 1")
    eventually(lambda: postgres.is_running(server.address))


def rest(seconds: float) -> tuple[float, float]:
    """Wait. Return when that began and ended."""
    began = time.monotonic()
    time.sleep(seconds)
    return began, time.monotonic()


def late(load: Load, calm: list[tuple[float, float]]) -> float:
    """Return the longest time from a start of PostgreSQL to the last failure, in seconds."""
    failures = [when for when, _ in load.failures]
    return max((when - a for a, b in calm for when in failures if a < when < b), default=0.0)


def report(load: Load, health: tuple[int, int], worst: float, quick: bool) -> int:
    other = [
        response
        for _, response in load.failures
        if response.status != 503 or "Retry-After" not in response.headers
    ]
    print(
        f"G6 PostgreSQL stopped, back ends ended, one killed: {load.asked()} requests, "
        f"{load.failed()} × 503 with Retry-After, {len(other)} other failures, the last "
        f"{worst:.1f} s after it accepted; live {health[0]}, ready {health[1]}; {load.summary()}"
    )
    for response in other[:3]:
        print(f"   {response.status}: {response.body[:300]!r}")
    calm = load.failed(phase="load")
    bad = other or calm or load.lost() or health != (200, 503) or not load.failed()
    return int(bool(bad) or (worst > LATE and not quick))


if __name__ == "__main__":
    sys.exit(main())
