"""G13: all processes are killed at once, again and again, while users write.

    python -m tests.faults.g13 [--kills 20]

μblog as `make run` starts it, on SQLite. Ends with status 1 when something acknowledged is lost,
or the database is not whole.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress

from tests.faults.load import NO_LIMITS, WRITING, Load
from tests.faults.site import Site, eventually, site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    options = parser.parse_args()
    with site(**NO_LIMITS) as made:
        load = Load(made.url, people=4)
        for _ in range(options.kills):
            start(made)
            written = load.asked(WRITING) - load.failed(WRITING)
            with load:
                eventually(lambda w=written: load.asked(WRITING) - load.failed(WRITING) > w + 4)
                time.sleep(random.uniform(0, 0.5))
                kill(made)
        start(made)
        return report(made, load, options.kills)


def start(made: Site) -> None:
    made.launch("all", [sys.executable, "-m", "ublog.run.supervisor", "--port", str(made.port)])

    def lives() -> bool:
        with suppress(OSError):
            return made.fetch("/health/live/")[0] == 200
        return False

    eventually(lives)


def kill(made: Site) -> None:
    """Kill all processes, the supervisor last: it would stop the others properly."""
    family = descendants(made.running["all"].pid)
    made.signal("all", signal.SIGSTOP)
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    made.signal("all", signal.SIGKILL)


def descendants(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True)
    parents = {
        int(child): int(parent) for child, parent in map(str.split, listed.stdout.split("\n")[:-1])
    }
    found = [pid]
    for parent in found:
        found += [child for child, of in parents.items() if of == parent]
    return found[1:]


def report(made: Site, load: Load, kills: int) -> int:
    with closing(sqlite3.connect(made.data / "ublog.sqlite3")) as database:
        whole = database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        whole &= not database.execute("PRAGMA foreign_key_check").fetchall()
    print(
        f"G13 {kills} × kill -9 of everything: {load.summary()}, "
        f"integrity {'ok' if whole else 'BROKEN'}"
    )
    return int(bool(load.lost()) or not whole)


if __name__ == "__main__":
    sys.exit(main())
