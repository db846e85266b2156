"""Work that must happen, though not within the request: mails, renditions of pictures.

`later` writes a row in the same transaction as the cause, so that either both are stored or
neither. After the commit a thread tells the broker, so that no request waits for it. The worker
takes the row, runs its task and deletes it. Beat sweeps what was lost on the way: the row, not
the message, is the promise. See docs/adr/0004-outbox.md.
"""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from celery import current_app, shared_task
from django.db import transaction
from django.utils import timezone

from ublog.core.models import Heartbeat, OutboxEntry, TaskCount
from ublog.core.observability.request_ids import request_id, under

log = logging.getLogger(__name__)

BROKER_PAUSE = 5.0  # seconds in which a broker that did not answer is not asked again
GRACE = timedelta(seconds=15)  # for the message that was sent at once
SWEPT_AT_ONCE = 1_000  # entries

publisher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox")
broker_away_until = 0.0


def later(task: Any, *ids: int, delay: timedelta = timedelta()) -> None:
    """Have the worker run the Celery task with these ids, once the transaction is committed.

    The task may run more than once: when a worker dies, it is repeated. A task that raises is
    tried again, later and later, and given up after OutboxEntry.ATTEMPTS tries; the admin shows
    it then. `delay` is at most OutboxEntry.DELAY. Call this within the transaction that stores
    the cause.
    """
    entry = OutboxEntry.objects.create(
        task=task.name, ids=ids, due=timezone.now() + delay, request_id=request_id()
    )
    if not delay:
        transaction.on_commit(lambda: announce(entry), robust=True)


def announce(entry: OutboxEntry) -> None:
    """Tell the broker without waiting for it; when that fails, the sweep finds the entry."""
    publisher.submit(publish, str(entry.pk))


def publish(key: str) -> None:
    global broker_away_until
    if time.monotonic() < broker_away_until:
        return
    try:
        perform.apply_async((key,), retry=False)
    except Exception as failure:  # each transport fails with errors of its own
        broker_away_until = time.monotonic() + BROKER_PAUSE
        log.warning("The broker is away, so the sweep will send what waits: %r", failure)


@shared_task(name="ublog.core.outbox.perform")
def perform(key: str) -> None:
    """Run the task of an entry, unless it is done, given up, or being run already."""
    entry = OutboxEntry.objects.take(key)
    if entry is not None:
        with under(entry.request_id):
            attempt(entry)


def attempt(entry: OutboxEntry) -> None:
    """Run the entry's task; what it logs carries the id of the request that caused it."""
    try:
        # The task's id is the entry's, in each attempt: a mail's Message-ID is made from it.
        current_app.tasks[entry.task].apply(entry.ids, task_id=str(entry.pk), throw=True)
    except Exception as failure:
        entry.put_off(failure)
        log.warning("%s has failed %d times: %r", entry, entry.attempts, failure)
        TaskCount.objects.note(entry.task, "failed")
    else:
        entry.delete()
        TaskCount.objects.note(entry.task, "done")


@shared_task(name="ublog.core.outbox.sweep")
def sweep() -> int:
    """Send what is overdue to the broker; how many.

    Beat lets this message expire when it waited longer than GRACE: then the queue is long, and
    what is overdue is in it. That it came at all proves that beat runs.
    """
    Heartbeat.objects.note("beat")
    Heartbeat.objects.of_the_future().delete()
    OutboxEntry.objects.due_too_late().update(due=timezone.now())
    OutboxEntry.objects.used_up().give_up("The worker died in each attempt.")
    overdue = OutboxEntry.objects.overdue(GRACE)[:SWEPT_AT_ONCE]
    keys = [str(key) for key in overdue.values_list("pk", flat=True)]
    for key in keys:
        perform.delay(key)
    return len(keys)
