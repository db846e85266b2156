"""G15: the memory of a site at half of its full load does not grow over time.

    python -m tests.faults.g15 [--minutes 30]

Ends with status 1 on a response 5xx, or when its processes hold 5 % more memory or more open files
in the last quarter than in the second; the first one is for warming up.
"""

import argparse
import os
import statistics
import sys
import time
from contextlib import suppress

from tests.faults.c1 import proportional, workers_of
from tests.faults.load import NO_LIMITS, Load
from tests.faults.site import Site, eventually, is_up, site

PEOPLE = 4
MOST = 0.05  # of its memory
SPARE = 3  # files: a connection that just opens


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    options = parser.parse_args()
    with site(**NO_LIMITS) as made:
        for name in ("web", "worker", "beat"):
            made.start(name)
        eventually(lambda: is_up(made.port))
        peak = Load(made.url, people=PEOPLE)
        with peak:
            time.sleep(10)
        # Each user pauses as long as a request took: half of the peak.
        with Load(made.url, people=PEOPLE, pause=10 / peak.asked() * PEOPLE) as load:
            seen = watch(made, options.minutes * 60)
        return report(load, peak.asked() / 10, seen, options.minutes)


def watch(made: Site, seconds: float) -> list[tuple[float, int]]:
    """Return memory in MB and the number of open files, 40 times."""
    seen = []
    for _ in range(40):
        time.sleep(seconds / 40)
        pids = workers_of(made) | {made.running[name].pid for name in ("worker", "beat")}
        seen.append((sum(map(proportional, pids)), sum(map(open_files, pids))))
    return seen


def open_files(pid: int) -> int:
    with suppress(OSError):
        return len(os.listdir(f"/proc/{pid}/fd"))
    return 0


def report(load: Load, peak: float, seen: list[tuple[float, int]], minutes: float) -> int:
    memory, files = zip(*seen, strict=True)
    before, after = (statistics.median(part) for part in (memory[10:20], memory[30:]))
    opened, left = (statistics.median(part) for part in (files[10:20], files[30:]))
    rate = load.asked() / (minutes * 60)
    print(
        f"G15 {minutes:g} min at {rate:.0f} of {peak:.0f} requests a second: memory {before:.0f} → "
        f"{after:.0f} MB ({after / before - 1:+.1%}), open files {opened:.0f} → {left:.0f}, "
        f"{load.failed()} failed; {load.summary()}"
    )
    grown = after > before * (1 + MOST) or left > opened + SPARE
    return int(grown or load.failed() > 0 or bool(load.lost()))


if __name__ == "__main__":
    sys.exit(main() if os.path.exists("/proc/self/smaps_rollup") else 0)
