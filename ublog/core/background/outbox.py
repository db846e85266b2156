"""Tasks that must run, though not within the request: mails, renditions of images.

`later` writes a row in the same transaction as its cause, so that both are stored or neither. After
the commit a thread sends a message to the broker, so that no request waits for it. The worker
claims the row, runs its task and deletes it. Beat sends messages that were lost again: the row is
what counts, not the message. See docs/adr/0004-outbox.md.
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
from ublog.core.observability.request_ids import bind_request_id, request_id

log = logging.getLogger(__name__)

BROKER_PAUSE = 5.0  # seconds in which a broker that did not respond is not tried again
GRACE = timedelta(seconds=15)  # for the message that is sent after the commit
SWEPT_AT_ONCE = 1_000  # entries

publisher = ThreadPoolExecutor(max_workers=1, thread_name_prefix="outbox")
broker_down_until = 0.0


def later(task: Any, *ids: int, delay: timedelta = timedelta()) -> None:
    """Have a worker run the Celery task with these ids, once the transaction is committed.

    Call it within the transaction that stores the cause. `delay` is at most OutboxEntry.DELAY. The
    task may run more than once: it is repeated when a worker dies. A task that raises is retried
    after longer and longer pauses, and given up after OutboxEntry.ATTEMPTS attempts; then it is in
    the admin.
    """
    entry = OutboxEntry.objects.create(
        task=task.name, ids=ids, due=timezone.now() + delay, request_id=request_id()
    )
    if not delay:
        transaction.on_commit(lambda: announce(entry), robust=True)


def announce(entry: OutboxEntry) -> None:
    """Send the entry to the broker in a thread; when that fails, `sweep` sends it again."""
    publisher.submit(publish, str(entry.pk))


def publish(key: str) -> None:
    global broker_down_until
    if time.monotonic() < broker_down_until:
        return
    try:
        perform.apply_async((key,), retry=False)
    except Exception as failure:  # each transport raises errors of its own
        broker_down_until = time.monotonic() + BROKER_PAUSE
        log.warning("The broker does not respond; the sweep will send what waits: %r", failure)


@shared_task(name="ublog.core.outbox.perform")
def perform(key: str) -> None:
    """Run the task of an entry, unless it is done, given up, or being run already."""
    entry = OutboxEntry.objects.claim(key)
    if entry is not None:
        with bind_request_id(entry.request_id):
            attempt(entry)


def attempt(entry: OutboxEntry) -> None:
    """Run the entry's task, then delete the entry or reschedule it."""
    try:
        # The id of the task is the entry's in each attempt: a mail's Message-ID is made from it.
        current_app.tasks[entry.task].apply(entry.ids, task_id=str(entry.pk), throw=True)
    except Exception as failure:
        entry.reschedule(failure)
        log.warning("%s has failed %d times: %r", entry, entry.attempts, failure)
        TaskCount.objects.note(entry.task, "failed")
    else:
        entry.delete()
        TaskCount.objects.note(entry.task, "done")


@shared_task(name="ublog.core.outbox.sweep")
def sweep() -> int:
    """Send the overdue entries to the broker. Return how many were sent.

    Beat lets the message of this task expire when the next one is due: then the queue is long, and
    what is overdue is in it. That it arrives proves that beat runs.
    """
    Heartbeat.objects.note("beat")
    Heartbeat.objects.in_the_future().delete()
    OutboxEntry.objects.due_too_far_ahead().update(due=timezone.now())
    OutboxEntry.objects.exhausted().give_up("The worker died in each attempt.")
    overdue = OutboxEntry.objects.overdue(GRACE)[:SWEPT_AT_ONCE]
    keys = [str(key) for key in overdue.values_list("pk", flat=True)]
    for key in keys:
        perform.delay(key)
    return len(keys)
