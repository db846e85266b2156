"""Work that must happen happens: stored with its cause, tried again, given up in sight."""

from datetime import timedelta

import pytest
from celery import shared_task
from django.db import transaction
from django.utils import timezone

from ublog.core.background import outbox
from ublog.core.models import Heartbeat, OutboxEntry

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)
done: list[tuple[int, ...]] = []
failures: list[Exception] = []


@shared_task
def work(*ids):
    """What is to be done; it fails as often as there are failures."""
    if failures:
        raise failures.pop()
    done.append(ids)


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()
    failures.clear()


@pytest.fixture
def announced(monkeypatch):
    """The keys of the entries that were sent to the broker."""
    keys = []
    monkeypatch.setattr(outbox, "announce", lambda entry: keys.append(str(entry.pk)))
    monkeypatch.setattr(outbox.perform, "delay", keys.append)
    return keys


def entry():
    return OutboxEntry.objects.get()


def ahead(monkeypatch, time):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now + time)


def test_work_is_stored_with_its_cause_and_announced_after_it(announced):
    with transaction.atomic():
        outbox.later(work, 1, 2)
        assert (entry().task, entry().ids) == (work.name, [1, 2])
        assert announced == []
    assert announced == [str(entry().pk)]


def test_work_whose_cause_is_rolled_back_is_not_done(announced):
    with transaction.atomic():
        outbox.later(work, 1)
        transaction.set_rollback(True)
    assert (announced, OutboxEntry.objects.count()) == ([], 0)


def test_work_is_done_once_however_often_it_is_announced(announced):
    outbox.later(work, 1, 2)
    for _ in range(3):
        outbox.perform(announced[0])
    assert done == [(1, 2)]
    assert not OutboxEntry.objects.exists()


def test_work_that_another_worker_has_taken_is_left_alone(announced):
    outbox.later(work, 1)
    assert OutboxEntry.objects.claim(announced[0])
    outbox.perform(announced[0])
    assert done == []


def test_work_of_a_worker_that_died_is_done_by_another(announced, monkeypatch):
    outbox.later(work, 1)
    OutboxEntry.objects.claim(announced.pop())
    assert outbox.sweep() == 0
    ahead(monkeypatch, OutboxEntry.LEASE + outbox.GRACE)
    assert outbox.sweep() == 1
    outbox.perform(*announced)
    assert done == [(1,)]


def test_work_whose_message_was_lost_is_found_by_the_sweep(announced, monkeypatch):
    outbox.later(work, 1)
    announced.clear()
    ahead(monkeypatch, outbox.GRACE)
    assert outbox.sweep() == 1
    assert announced == [str(entry().pk)]


def test_delayed_work_waits_in_the_database(announced, monkeypatch):
    outbox.later(work, 1, delay=HOUR)
    assert (announced, outbox.sweep()) == ([], 0)
    ahead(monkeypatch, HOUR + outbox.GRACE)
    assert outbox.sweep() == 1


def test_work_that_fails_is_tried_again_later_and_later(announced, monkeypatch):
    failures.extend(OSError("The mail server is away.") for _ in range(3))
    outbox.later(work, 1)
    waits = []
    while OutboxEntry.objects.exists():
        outbox.perform(announced[0])
        if not done:
            waits.append(round((entry().due - timezone.now()).total_seconds()))
            ahead(monkeypatch, entry().due - timezone.now())
    assert (done, waits) == ([(1,)], [30, 90, 270])


def test_work_that_always_fails_is_given_up_and_can_be_retried(announced):
    failures.extend(OSError("No such mailbox.") for _ in range(OutboxEntry.ATTEMPTS))
    outbox.later(work, 1)
    for _ in range(OutboxEntry.ATTEMPTS):
        OutboxEntry.objects.update(due=timezone.now())
        outbox.perform(announced[0])
    assert (entry().due, "No such mailbox" in entry().error) == (None, True)
    assert list(OutboxEntry.objects.failed()) == [entry()]
    assert OutboxEntry.objects.failed().retry() == 1
    outbox.perform(announced[0])
    assert done == [(1,)]


def test_work_that_kills_its_worker_is_given_up(announced):
    outbox.later(work, 1)
    OutboxEntry.objects.update(due=timezone.now(), attempts=OutboxEntry.ATTEMPTS)
    assert outbox.sweep() == 0
    assert "worker died" in OutboxEntry.objects.failed().get().error


def test_work_that_nobody_knows_any_more_fails_in_sight(announced):
    outbox.later(work, 1)
    OutboxEntry.objects.update(task="ublog.of.the.past")
    outbox.perform(announced[0])
    assert "never registered" in entry().error


DAY = timedelta(days=1)


@pytest.mark.parametrize("attempts", [0, 1, 5])
def test_g17_work_of_a_clock_that_was_a_day_ahead_does_not_wait_for_a_day(
    announced, monkeypatch, attempts
):
    real = timezone.now
    ahead(monkeypatch, DAY)
    outbox.later(work, 1)
    failures.extend(OSError("The mail server is away.") for _ in range(attempts))
    for _ in range(attempts):
        OutboxEntry.objects.update(due=timezone.now())
        outbox.perform(announced[0])
    monkeypatch.setattr(timezone, "now", real)
    announced.clear()
    outbox.sweep()
    ahead(monkeypatch, outbox.GRACE)
    assert outbox.sweep() == 1
    outbox.perform(*announced)
    assert done == [(1,)]


def test_g17_a_lease_of_a_clock_that_was_ahead_ends(announced, monkeypatch):
    real = timezone.now
    ahead(monkeypatch, DAY)
    outbox.later(work, 1)
    OutboxEntry.objects.claim(announced.pop())
    monkeypatch.setattr(timezone, "now", real)
    outbox.sweep()
    ahead(monkeypatch, outbox.GRACE)
    assert outbox.sweep() == 1


def test_g17_work_that_waits_as_long_as_it_should_is_left_alone(announced):
    outbox.later(work, 1, delay=OutboxEntry.DELAY)
    waiting = entry().due
    for attempts in range(1, OutboxEntry.ATTEMPTS):
        retry = OutboxEntry.objects.create(task=work.name, ids=[2], due=timezone.now())
        retry.attempts = attempts
        retry.reschedule(OSError())
        retry.save()
    due = sorted(OutboxEntry.objects.values_list("due", flat=True))
    assert outbox.sweep() == 0
    assert sorted(OutboxEntry.objects.values_list("due", flat=True)) == due
    assert waiting in due


def test_g17_a_heartbeat_of_the_future_goes(monkeypatch):
    real = timezone.now
    ahead(monkeypatch, DAY)
    Heartbeat.objects.note("worker celery@gone")
    Heartbeat.objects.note("beat")
    monkeypatch.setattr(timezone, "now", real)
    outbox.sweep()
    assert [beat.name for beat in Heartbeat.objects.all()] == ["beat"]
    assert Heartbeat.objects.get().seen_on <= timezone.now()


def test_a_broker_that_is_away_is_not_asked_again_at_once(monkeypatch):
    asked = []

    def fail(*args, **options):
        asked.append(args)
        raise ConnectionError("The broker is away.")

    monkeypatch.setattr(outbox, "broker_down_until", 0.0)
    monkeypatch.setattr(outbox.perform, "apply_async", fail)
    for key in ("a", "b"):
        outbox.publish(key)
    assert asked == [(("a",),)]


def test_a_sweep_proves_that_beat_lives():
    outbox.sweep()
    outbox.sweep()
    assert Heartbeat.objects.get().name == "beat"
