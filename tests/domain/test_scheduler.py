"""G17: beat sends what is due whatever the clock says, and has no file that could be damaged."""

import time
from datetime import UTC, datetime, timedelta

import celery.app.base
import pytest
from celery import Celery
from django.conf import settings

from ublog.run import scheduler

DAY = timedelta(days=1)


@pytest.fixture
def steady(monkeypatch):
    """A function that lets so much time pass."""
    passed = [time.monotonic()]
    monkeypatch.setattr(scheduler.time, "monotonic", lambda: passed[0])

    def wait(span: timedelta):
        passed[0] += span.total_seconds()

    return wait


@pytest.fixture
def beat(monkeypatch, steady):
    """A function that starts a scheduler, and gives its names of tasks as they are sent."""

    def start(**schedule: timedelta):
        app = Celery("test", set_as_current=False, fixups=[])
        entries = {name: {"task": name, "schedule": every} for name, every in schedule.items()}
        app.conf.beat_schedule = entries
        made = scheduler.Scheduler(app=app, lazy=False)
        sent: list[str] = []
        monkeypatch.setattr(made, "apply_async", lambda entry, **_: sent.append(entry.task))
        monkeypatch.setattr(scheduler.Scheduler, "producer", None)
        return made, sent

    return start


def run(made) -> None:
    """All that is due now."""
    while made.tick() == 0:
        pass


def test_each_task_is_sent_as_often_as_the_schedule_says(beat, steady):
    made, sent = beat(often=timedelta(seconds=10), seldom=timedelta(minutes=1))
    for _ in range(60):
        run(made)
        steady(timedelta(seconds=2))
    assert (sent.count("often"), sent.count("seldom")) == (11, 1)


def test_after_a_start_a_task_of_every_day_does_not_wait_for_a_day(beat, steady):
    made, sent = beat(daily=DAY)
    run(made)
    assert sent == []
    steady(scheduler.FIRST_RUN)
    run(made)
    assert sent == ["daily"]
    steady(DAY / 2)
    run(made)
    assert sent == ["daily"]
    steady(DAY / 2)
    run(made)
    assert sent == ["daily"] * 2


@pytest.mark.parametrize("jump", [DAY, -DAY], ids=["ahead", "back"])
def test_a_clock_that_jumps_changes_nothing(beat, steady, monkeypatch, jump):
    made, sent = beat(often=timedelta(seconds=10), hourly=timedelta(hours=1))
    steady(timedelta(seconds=10))
    run(made)
    assert sent == ["often"]
    monkeypatch.setattr(celery.app.base.Celery, "now", lambda _: datetime.now(UTC) + jump)
    run(made)
    assert sent == ["often"]
    steady(timedelta(seconds=10))
    run(made)
    assert sent == ["often"] * 2


def test_beat_keeps_no_file():
    assert settings.CELERY_BEAT_SCHEDULER == "ublog.run.scheduler:Scheduler"
    assert not hasattr(settings, "CELERY_BEAT_SCHEDULE_FILENAME")
    assert all(
        isinstance(entry["schedule"], timedelta) for entry in settings.CELERY_BEAT_SCHEDULE.values()
    )
