"""Work on posts that a request does not wait for."""

import logging
from datetime import timedelta
from pathlib import PurePosixPath

from celery import shared_task
from django.core.files.base import ContentFile
from django.utils import timezone

from ublog.blog import files, images
from ublog.blog.models import Post, PublishKey
from ublog.core.outbox import later

log = logging.getLogger(__name__)

KEEP_ORPHANS = timedelta(days=1)  # longer than any request or task that is about to name them


def render_soon(post: Post) -> None:
    """Have the worker make the smaller pictures, if there are some to make."""
    if post.image and not post.thumbnail:
        later(render, post.pk)


@shared_task
def render(post_id: int) -> None:
    """Store the renditions of a post's picture; doing it twice, or too late, does no harm."""
    post = Post.objects.filter(pk=post_id, thumbnail="").exclude(image="").first()
    if post is None:
        return
    with post.image.open() as picture:
        made = images.renditions(picture)
    stem = PurePosixPath(str(post.image.name)).with_suffix("")
    with files.storing() as store:
        names = {size: store(f"{stem}-{size}.webp", ContentFile(made[size])) for size in made}
        # The picture may have been replaced or deleted meanwhile.
        if not Post.objects.filter(pk=post_id, image=post.image.name).update(**names):
            files.discard(set(names.values()))


@shared_task
def forget_keys() -> int:
    """Delete the idempotency keys that are older than 24 hours; their number."""
    return PublishKey.objects.filter(created_on__lt=timezone.now() - PublishKey.KEEP).delete()[0]


@shared_task
def sweep_orphans() -> int:
    """Delete the stored pictures that no post names: a process died before it stored the post."""
    orphans = set(files.orphans(older_than=KEEP_ORPHANS))
    files.discard(orphans)
    log.info("%d orphaned files deleted", len(orphans))
    return len(orphans)
