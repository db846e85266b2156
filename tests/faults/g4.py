"""G4: the worker is killed again and again, and no task is lost.

    python -m tests.faults.g4 [--broker embedded|redis] [--tasks 2000] [--kills 12] [--quick]

Every task sends a mail; one in ten waits before. Ends with status 1 when one is lost, or when
more are repeated than the worker was killed.
"""

import argparse
import re
import signal
import sys
import time
from collections import Counter
from datetime import timedelta

from tests.faults.site import Site, eventually, free_port, redis_on, site, soon

MESSAGE_ID = re.compile(rb"^Message-ID: (.+)$", re.MULTILINE)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broker", choices=["embedded", "redis"], default="embedded")
    parser.add_argument("--tasks", type=int, default=2_000)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--quick", action="store_true", help="sweep at once, and without beat")
    options = parser.parse_args()
    port = free_port()
    variables = {"CELERY_BROKER_URL": f"redis://127.0.0.1:{port}/0"}
    with site(
        **(variables if options.broker == "redis" else {}),
        **({"FAULT_LEASE": "1"} if options.quick else {}),
    ) as made:
        if options.broker == "redis":
            redis_on(made, port)
        return scenario(made, options)


def scenario(made: Site, options: argparse.Namespace) -> int:
    from ublog.core.background.outbox import later, sweep
    from ublog.core.models import OutboxEntry

    started = time.monotonic()
    send = type("Task", (), {"name": "tests.faults.send"})
    wait = timedelta(seconds=3 if options.quick else 20)
    for number in range(options.tasks):
        later(send, number, delay=wait if number % 10 == 0 else timedelta())
    made.start("worker")
    if not options.quick:
        made.start("beat")
    for _ in range(options.kills):
        waiting = OutboxEntry.objects.count()
        eventually(lambda waiting=waiting: OutboxEntry.objects.count() < max(1, waiting))
        time.sleep(soon() / (5 if options.quick else 1))
        made.signal("worker", signal.SIGKILL)
        made.start("worker")

    def done() -> bool:
        if options.quick:
            sweep.delay()
            time.sleep(0.5)
        return not OutboxEntry.objects.exists()

    eventually(done, patience=300)
    return report(mails(made), options, time.monotonic() - started)


def mails(made: Site) -> Counter[bytes]:
    """Return how often each Message-ID was sent. A mail cut off by a kill is not sent."""
    files = (made.data / "mails").glob("*.eml")
    found = (MESSAGE_ID.search(file.read_bytes()) for file in files)
    return Counter(match[1] for match in found if match)


def report(sent: Counter[bytes], options: argparse.Namespace, seconds: float) -> int:
    lost, repeated = options.tasks - len(sent), sum(sent.values()) - len(sent)
    print(
        f"G4 {options.broker}: {options.tasks} tasks, {options.kills} kills: {lost} lost, "
        f"{repeated} repeated with the same Message-ID, {seconds:.0f} s"
    )
    return int(lost > 0 or repeated > options.kills)


if __name__ == "__main__":
    sys.exit(main())
