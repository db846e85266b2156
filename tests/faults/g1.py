"""G1: a web process is killed every two seconds; nothing that was acknowledged is lost.

    python -m tests.faults.g1 [--seconds 60]

Eight people at once, through nginx. Ends with status 1 when something acknowledged is lost, when
a GET fails, or more than 0.5 % of all requests do: a post that is on its way may not be sent
twice.
"""

import argparse
import os
import random
import signal
import sys
import time
from contextlib import suppress

from tests.faults.fleet import Fleet, fleet
from tests.faults.load import READING, Load

MOST = 0.005  # of all requests


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with fleet(1, UBLOG_WEB_WORKERS="2") as running:
        with Load(running.made.url, people=8) as load:
            kills = kill(running, options.seconds)
        return report(load, kills)


def kill(running: Fleet, seconds: float) -> int:
    """One of the two web processes every two seconds; how many."""
    kills, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(2)
        if workers := running.workers("web0"):
            with suppress(ProcessLookupError):
                os.kill(random.choice(workers), signal.SIGKILL)
                kills += 1
    return kills


def report(load: Load, kills: int) -> int:
    asked, failed, reads = load.asked(), load.failed(), load.failed(READING)
    print(
        f"G1 {kills} × kill -9 of a web process, {asked} requests: {failed} failed "
        f"({failed / asked:.2%}), of GET {reads}; {load.summary()}"
    )
    return int(bool(load.lost()) or reads > 0 or failed > asked * MOST or kills == 0)


if __name__ == "__main__":
    sys.exit(main())
