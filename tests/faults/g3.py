"""G3: web and worker get SIGTERM; requests in flight finish, and no task is lost.

    python -m tests.faults.g3 [--tasks 200] [--quick]

Eight people are half way through sending a picture when the web process gets SIGTERM. Ends
with status 1 when one of them gets no 201, when it takes more than 30 s to stop, or when a task is
lost or repeated. --quick is for slow machines: it ignores the 30 s.
"""

import argparse
import signal
import sys
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

from tests.faults.g4 import mails
from tests.faults.load import BOUNDARY, PICTURE, form
from tests.faults.site import NO_LIMITS, Site, eventually, is_up, site

PEOPLE = 8
STOPS_WITHIN = 30  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=200)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    within = float("inf") if options.quick else STOPS_WITHIN
    with site(**NO_LIMITS) as made:
        return web(made, within) | worker(made, options.tasks, within)


def web(made: Site, within: float) -> int:
    """Stop the web process when it has accepted the connections of all people."""
    made.start("web")
    eventually(lambda: is_up(made.port) and made.fetch("/health/live/")[0] == 200)
    body = form("Half way", PICTURE)
    with ExitStack() as stack:
        people = [
            stack.enter_context(closing(HTTPConnection("127.0.0.1", made.port, timeout=60)))
            for _ in range(PEOPLE)
        ]
        for person in people:
            person.putrequest("POST", "/api/fbv/posts/new/")
            person.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
            person.putheader("Content-Length", str(len(body)))
            person.endheaders()
            person.send(body[: len(body) // 2])
        eventually(lambda: accepted(made.port) == PEOPLE)
        made.signal("web", signal.SIGTERM)
        began = time.monotonic()
        time.sleep(1)
        statuses = [finish(person, body[len(body) // 2 :]) for person in people]
        code = made.running.pop("web").wait(60)
    seconds = time.monotonic() - began
    print(
        f"G3 SIGTERM to web: {statuses.count(201)} of {PEOPLE} posts in flight were stored, "
        f"stopped after {seconds:.1f} s with status {code}"
    )
    return int(statuses != [201] * PEOPLE or seconds > within or code != 0)


def accepted(port: int) -> int:
    """Return how many connections to that port are open and accepted.

    Those have an inode (proc_net_tcp in the kernel's documentation).
    """
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    here, established = f":{port:04X}", "01"
    return sum(row[1].endswith(here) and row[3] == established and row[9] != "0" for row in rows)


def finish(person: HTTPConnection, rest: bytes) -> int:
    try:
        person.send(rest)
        return person.getresponse().status
    except OSError:
        return 0


def worker(made: Site, tasks: int, within: float) -> int:
    """Stop the worker four times during its tasks, and start it again."""
    from ublog.core.background.outbox import later
    from ublog.core.models import OutboxEntry

    send = type("Task", (), {"name": "tests.faults.send"})
    for number in range(tasks):
        later(send, number)
    slowest = 0.0
    for stop in range(1, 5):
        made.start("worker")
        eventually(lambda stop=stop: OutboxEntry.objects.count() <= tasks * (5 - stop) / 5)
        made.signal("worker", signal.SIGTERM)
        began = time.monotonic()
        made.running.pop("worker").wait(60)
        slowest = max(slowest, time.monotonic() - began)
    made.start("worker")
    eventually(lambda: not OutboxEntry.objects.exists())
    sent = mails(made)
    lost, repeated = tasks - len(sent), sum(sent.values()) - len(sent)
    print(
        f"G3 SIGTERM to the worker, 4 times in {tasks} tasks: {lost} lost, {repeated} repeated, "
        f"stopped after {slowest:.1f} s at most"
    )
    return int(lost > 0 or repeated > 0 or slowest > within)


if __name__ == "__main__":
    sys.exit(main())
