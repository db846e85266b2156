"""G17: what beat and the limits leave on the disk is damaged, and a clock was a day ahead.

    python -m tests.faults.g17

A site with web, worker and beat. What a release with a schedule file has left is damaged; beat
and the worker are killed and come back; then rows and files are as a clock leaves them that was a
day ahead and is right again: heartbeats, tasks that wait, leases, limits, a backup. Ends with
status 1 unless /health/ready/ says no while beat or worker is away, and only then, and all
recovers by itself.
"""

import json
import os
import signal
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.faults.site import MODULES, Site, eventually, is_up, site

AWAY_AFTER = 25  # seconds, in place of the 120 of the product: heartbeats come every ten
DAY = timedelta(days=1)
MODULES["hasty"] = [*MODULES["web"][:3], "tests.faults.hasty", "--bind"]


def main() -> int:
    with site(FAULT_AWAY_AFTER=str(AWAY_AFTER), UBLOG_LIMIT_ANONYMOUS_SEARCH="5/minute") as made:
        leave_damaged_schedule(made.data)
        start(made)
        took = {"started": eventually(lambda: seen() == {"beat", "worker"})}
        time.sleep(AWAY_AFTER)  # from now on /health/ready/ expects them
        steady = ready(made) == (200, [])
        missed = {name: killed(made, name, took) for name in ("beat", "worker")}
        stop(made)
        leave_a_day_ahead(made)
        missed["clock"] = ready(made)[1]
        limited = search(made)
        made.start("worker")
        made.start("beat")
        took["clock"] = eventually(lambda: ready(made) == (200, []) and not waiting())
        return report(missed, took, steady, limited)


def leave_damaged_schedule(data: Path) -> None:
    """Write a damaged schedule of celery's own scheduler, as a full disk or a crash leaves it."""
    (data / "beat-schedule").write_bytes(os.urandom(5_000))
    (data / "beat-schedule.db").write_bytes(b"")
    (data / "beat-schedule.dat").mkdir()
    (data / "celerybeat.pid").write_text("1")


def start(made: Site) -> None:
    command = [sys.executable, "-m", *MODULES["hasty"], f"127.0.0.1:{made.port}"]
    made.launch("web", command)
    made.start("worker")
    made.start("beat")
    eventually(lambda: is_up(made.port))


def stop(made: Site) -> None:
    for name in ("beat", "worker"):
        made.signal(name, signal.SIGKILL)


def ready(made: Site) -> tuple[int, list[str]]:
    """Return the status of /health/ready/, and which processes it reports as away."""
    status, body = made.fetch("/health/ready/")
    return status, json.loads(body).get("away", [])


def seen() -> set[str]:
    """Return which of beat and worker have a heartbeat."""
    from ublog.core.models import Heartbeat

    return {name.split()[0] for name in Heartbeat.objects.values_list("name", flat=True)}


def killed(made: Site, name: str, took: dict[str, float]) -> list[str]:
    """Kill a process. Return what /health/ready/ first reports as away; then restart it."""
    made.signal(name, signal.SIGKILL)
    missing: list[str] = []

    def missed() -> bool:
        missing[:] = ready(made)[1]
        return name in missing

    took[f"{name} missed"] = eventually(missed)
    made.start(name)
    took[f"{name} back"] = eventually(lambda: ready(made) == (200, []))
    return missing


def leave_a_day_ahead(made: Site) -> None:
    """Store rows and limits as a clock leaves them that was a day ahead and is right again."""
    from django.utils import timezone

    from ublog.core.models import Heartbeat, OutboxEntry

    ahead = timezone.now() + DAY
    Heartbeat.objects.update(seen_on=ahead)
    for attempts in (0, 1, 3):  # message lost; taken by a worker that died; failed three times
        OutboxEntry.objects.create(
            task="ublog.core.tasks.probe",
            ids=[f"worker {attempts}"],
            due=ahead,
            attempts=attempts,
        )
    search(made)
    with closing(sqlite3.connect(made.data / "limits.sqlite3", isolation_level=None)) as counts:
        counts.execute("UPDATE spent SET n = 5, expires = expires + 86400")


def waiting() -> bool:
    from ublog.core.models import OutboxEntry

    return OutboxEntry.objects.exists()


def search(made: Site) -> int:
    return made.fetch("/api/cbv/posts/?q=tea")[0]


def report(missed: dict[str, list[str]], took: dict[str, float], steady: bool, limited: int) -> int:
    after = ", ".join(f"{what} after {seconds:.0f} s" for what, seconds in took.items())
    right = missed["beat"] == ["beat"] and "worker" in missed["worker"]
    right &= missed["clock"] == ["beat", "worker"]
    print(
        f"G17 damaged schedule, killed beat and worker, a clock that was a day ahead: {after}; "
        f"ready {'yes while both ran' if steady else 'NO THOUGH BOTH RAN'}, missed {missed};  "
        f"a search when its limit's window ends tomorrow: {limited}"
    )
    return int(not (right and steady and limited == 200))


if __name__ == "__main__":
    sys.exit(main())
