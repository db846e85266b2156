"""When Celery beat sends which task."""

from datetime import timedelta
from typing import Any

# By the names of tasks without `ublog.`.
INTERVALS = {
    "core.tasks.note_beat": timedelta(seconds=10),
    "core.outbox.sweep": timedelta(seconds=10),
    "core.tasks.prune_request_log": timedelta(hours=1),
    "core.tasks.clear_expired": timedelta(days=1),
    "blog.tasks.sweep_orphans": timedelta(hours=6),
    "blog.tasks.delete_old_uploads": timedelta(hours=1),
    "blog.tasks.delete_old_archives": timedelta(hours=1),
    "blog.tasks.measure_images": timedelta(hours=1),
    "blog.tasks.fold_posts": timedelta(hours=1),
    "blog.tasks.forget_keys": timedelta(hours=1),
    "blog.networks.forget": timedelta(hours=1),
    "blog.tasks.delete_old_notifications": timedelta(days=1),
    "blog.notification_mails.send_digests": timedelta(minutes=15),
    "core.tasks.back_up": timedelta(hours=1),
    "accounts.tasks.purge": timedelta(hours=1),
    "accounts.tasks.fold_names": timedelta(hours=1),
}


def schedule() -> dict[str, dict[str, Any]]:
    """Return Celery's `beat_schedule`.

    A message expires when the next one is due, so that a worker that was down runs each task once.
    """
    return {
        name: {
            "task": f"ublog.{name}",
            "schedule": interval,
            "options": {"expires": interval.total_seconds()},
        }
        for name, interval in INTERVALS.items()
    }
