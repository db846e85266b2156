"""When celery beat sends each task: kept in memory, and measured by a clock that nobody sets.

Celery's own scheduler keeps a file, which can be damaged, and reads the clock of the machine: a
clock that was a day ahead leaves last runs in the future, and nothing is sent for a day. Here
there is nothing to damage, and time is `time.monotonic`. What a task did before the start of
beat is not known, so each is sent FIRST_RUN after the start (or after its interval, if shorter):
every task may run once too often, and looks itself at what there is to do.
"""

import time
from datetime import UTC, datetime, timedelta

from celery.beat import ScheduleEntry
from celery.beat import Scheduler as CeleryScheduler
from celery.schedules import schedule

FIRST_RUN = timedelta(minutes=5)  # so that a beat that keeps ending does not send all each time
STARTED = datetime.now(UTC) - timedelta(seconds=time.monotonic())


def steady_now() -> datetime:
    """Return the time that has passed since the start, added to the date of the start."""
    return STARTED + timedelta(seconds=time.monotonic())


class Scheduler(CeleryScheduler):
    """Send the tasks of `beat_schedule`, whose intervals are each a `timedelta`."""

    def setup_schedule(self) -> None:
        """Build the schedule in memory. No entry of Celery's own: no results are stored."""
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
