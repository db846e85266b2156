"""G1: a web process is killed every two seconds; nothing that was acknowledged is lost.

    python -m tests.faults.g1 [--seconds 60]

Eight people at once, through nginx. Ends with status 1 when something acknowledged is lost, when
a GET, PUT, DELETE or a post with an idempotency key fails, when one of these is stored twice, or
more than two other requests fail for each kill: a post without a key that is on its way may not be
sent twice. Not a share of all requests, which would say how busy the machine is.
"""

import argparse
import os
import random
import signal
import sys
import time
from contextlib import suppress

from tests.faults.fleet import Fleet, fleet
from tests.faults.load import READING, REPEATED, Load

MOST = 2  # for each kill: a process that runs four at once is killed while eight people ask


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with fleet(1, UBLOG_WEB_WORKERS="2") as running:
        with Load(running.made.url, people=8, keys=True) as load:
            kills = kill(running, options.seconds)
        return report(load, kills)


def kill(running: Fleet, seconds: float) -> int:
    """Kill one of the two web processes every two seconds. Return how many were killed."""
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
    repeated, twice = load.failed(REPEATED), stored_twice()
    print(
        f"G1 {kills} × kill -9 of a web process, {asked} requests: {failed} failed "
        f"({failed / asked:.2%}, {failed / max(1, kills):.1f} a kill); of {load.asked(READING)} "
        f"GET {reads}, of {load.asked(REPEATED)} PUT, DELETE and posts with a key {repeated}, "
        f"{twice} stored twice; {load.summary()}"
    )
    for kind in (READING, REPEATED):
        if load.failed(kind):
            print(f"G1 statuses of these {kind}: {load.statuses(kind)}")
    bad = load.lost() or reads or repeated or twice
    return int(bool(bad) or failed > kills * MOST or kills == 0)


def stored_twice() -> int:
    """Return how many texts more than one post has: each text is published once."""
    from django.db.models import Count

    from ublog.blog.models import Post

    bodies = Post.objects.values("body").annotate(times=Count("pk"))
    return int(bodies.filter(times__gt=1).count())


if __name__ == "__main__":
    sys.exit(main())
