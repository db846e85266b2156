"""The scheduler of celery beat: in memory, and by the monotonic clock.

Celery's own scheduler keeps a file, which can be damaged, and reads the clock of the machine: after
a clock was a day ahead, last runs are in the future and nothing is sent for a day. Here there is
nothing to damage, and time is `time.monotonic`. When a task ran before beat's start is not known,
so each is sent FIRST_RUN after the start (or after its interval, if that is shorter): a task may
run once too often, and must find out itself what there is to do.
"""

import time
from datetime import UTC, datetime, timedelta

from celery.beat import ScheduleEntry
from celery.beat import Scheduler as CeleryScheduler
from celery.schedules import schedule

FIRST_RUN = timedelta(
    minutes=5
)  # so that a beat that keeps failing does not send all tasks each time
STARTED = datetime.now(UTC) - timedelta(seconds=time.monotonic())


def steady_now() -> datetime:
    """Return the time of beat's start plus the time that has passed since, by a steady clock."""
    return STARTED + timedelta(seconds=time.monotonic())


class Scheduler(CeleryScheduler):
    """Send the tasks of `beat_schedule`, whose intervals are each a `timedelta`."""

    def setup_schedule(self) -> None:
        """Build the schedule in memory, without Celery's own entry, which deletes old results."""
        now = steady_now()
        for name, entry in self.app.conf.beat_schedule.items():
            interval: timedelta = entry["schedule"]
            self.schedule[name] = ScheduleEntry(
                name=name,
                task=entry["task"],
                schedule=schedule(interval, nowfun=steady_now, app=self.app),
                last_run_at=now - max(timedelta(), interval - FIRST_RUN),
                options=entry.get("options"),
                app=self.app,
            )
