"""G2: web instances are reloaded and restarted, one after the other, and no request fails.

    python -m tests.faults.g2 [--requests 5000]

Two instances behind nginx. Ends with status 1 on a request that failed, or a write that is lost.
"""

import argparse
import signal
import sys
import time

from tests.faults.fleet import Fleet, fleet
from tests.faults.load import Load
from tests.faults.site import eventually


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5_000)
    options = parser.parse_args()
    with fleet(2) as running:
        rounds = 0
        with Load(running.made.url) as load:
            while load.asked() < options.requests or not rounds:
                reload(running)
                restart(running)
                rounds += 1
        return report(load, rounds)


def reload(running: Fleet) -> None:
    """Replace the worker processes of each instance."""
    for name in running.listeners:
        before = set(running.workers(name))
        running.made.signal(name, signal.SIGHUP)
        eventually(lambda before=before, name=name: not before & set(running.workers(name)))


def restart(running: Fleet) -> None:
    """Stop each instance, wait for its end, and start it again, as an upgrade does."""
    for name in running.listeners:
        running.made.signal(name, signal.SIGTERM)
        running.made.running.pop(name).wait(60)
        running.start(name)
        eventually(lambda name=name: running.workers(name))
        time.sleep(1)


def report(load: Load, rounds: int) -> int:
    asked, failed = load.asked(), load.failed()
    print(
        f"G2 {rounds} × reload and rolling restart of two instances, {asked} requests: "
        f"{failed} failed; {load.summary()}{load.kinds_of_failures()}"
    )
    return int(failed > 0 or bool(load.lost()))


if __name__ == "__main__":
    sys.exit(main())
