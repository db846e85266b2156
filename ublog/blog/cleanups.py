"""Delete all posts of a user, or from a network, in batches by the worker.

Each batch is a task of its own, far shorter than the lease of the outbox, so that no other worker
takes it over, and requests can write between them.
"""

from typing import Any

from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.db.models.signals import pre_delete
from django.dispatch import receiver
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.blog import deletion
from ublog.blog.models import Post
from ublog.blog.reports import Cleanup, PostNetwork
from ublog.core.background.outbox import later

BATCH = 100  # posts
SHOWN = 10  # the latest ones


def start(by: CustomUser, label: str, **whose: Any) -> Cleanup:
    """Have the posts deleted that there are now. Call it in a transaction.

    `whose` is `author`, a user, or `hash`, that of a network. `label` names them for moderators.
    """
    cleanup = Cleanup(by=by, label=label, total=0, **whose)
    cleanup.total = waiting(cleanup).count()
    cleanup.finished_on = None if cleanup.total else timezone.now()
    cleanup.save()
    if cleanup.total:
        later(delete_batch, cleanup.pk)
    return cleanup


def waiting(cleanup: Cleanup) -> Any:
    """Return the query set of the posts that are still to be deleted."""
    before = {"created_on__lte": cleanup.created_on}
    if cleanup.hash:
        ids = PostNetwork.objects.filter(hash=cleanup.hash, **before).values("post")
        return Post.objects.filter(pk__in=ids)
    return Post.objects.filter(created_by=cleanup.author_id or 0, **before)


@receiver(pre_delete, sender=CustomUser)
def finish(instance: CustomUser, **_: Any) -> None:
    """Delete at once what is left of the deletions of a user's posts when the user is deleted.

    Else the posts would lose their author and stay: users could keep them by deleting their
    account.
    """
    unfinished = Cleanup.objects.select_for_update(no_key=True).filter(finished_on=None)
    for cleanup in unfinished.filter(author=instance).order_by("pk"):
        posts = waiting(cleanup)
        done = F("done") + posts.count()
        deletion.delete_all(posts)
        Cleanup.objects.filter(pk=cleanup.pk).update(done=done, finished_on=timezone.now())


@shared_task(name="ublog.blog.cleanups.delete_batch")
def delete_batch(cleanup_id: int) -> int:
    """Delete the next posts, the newest first, and return how many. It may run twice."""
    with transaction.atomic():
        # Locked, so that the same posts are not counted twice.
        unfinished = Cleanup.objects.select_for_update(no_key=True).filter(finished_on=None)
        cleanup = unfinished.filter(pk=cleanup_id).first()
        if cleanup is None:
            return 0
        ids = list(waiting(cleanup).order_by("-pk").values_list("pk", flat=True)[:BATCH])
        deletion.delete_all(Post.objects.filter(pk__in=ids))
        more = len(ids) == BATCH
        finished = None if more else timezone.now()
        row = Cleanup.objects.filter(pk=cleanup_id)
        row.update(done=F("done") + len(ids), finished_on=finished)
        if more:
            later(delete_batch, cleanup_id)
    return len(ids)


def latest() -> list[Cleanup]:
    """Return the latest ones, the newest first, with how far they are."""
    return list(Cleanup.objects.order_by("-created_on", "-pk")[:SHOWN])
