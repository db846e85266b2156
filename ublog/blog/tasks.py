"""Celery tasks of posts: renditions of images, and cleaning up."""

import logging
from datetime import timedelta
from itertools import chain, islice
from pathlib import PurePosixPath

from celery import shared_task
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.blog import files, images, mentions, quotas, site_looks, upload_actions
from ublog.blog.decoder.sizes import RENDITIONS
from ublog.blog.models import Post, PostMention, PostTag
from ublog.blog.notifications import Notification
from ublog.blog.publish_keys import PublishKey
from ublog.blog.uploads import Upload
from ublog.core.background.outbox import later
from ublog.core.text import FOLDING, fold_for_search
from ublog.core.text_grammar import has_signs, tag_key, tags

log = logging.getLogger(__name__)

KEEP_ORPHANS = timedelta(hours=1)  # longer than any request or task that stores a file
SWEPT_AT_ONCE = 500  # files
MEASURED_AT_ONCE = 2_000  # posts
FOLDED_AT_ONCE = 1_000  # posts
RENEWED_AT_ONCE = 1_000  # posts
NOTIFICATIONS_AT_ONCE = 1_000


def enqueue_renditions(post: Post) -> None:
    """Have the worker make the renditions of a new image. Call this in its transaction."""
    if post.image and not post.thumbnail:
        later(render, post.pk)


@shared_task(name="ublog.blog.tasks.render")
def render(post_id: int) -> None:
    """Store the renditions of a post's image, unless the post has them or is deleted.

    An image that is no wider than a rendition is that rendition itself. One with transparent pixels
    gets a preview, too.
    """
    posts = Post.objects.select_related("created_by").filter(pk=post_id, thumbnail="")
    post = posts.exclude(image="").first()
    if post is None:
        return
    with post.image.open() as image:
        made = images.renditions(image)
    stem = PurePosixPath(str(post.image.name)).with_suffix("")
    with files.storing() as store:
        names = {
            field: store(f"{stem}-{field.removeprefix('image_')}{image.suffix}", image)
            for field, image in made.items()
        }
        size = sum(image.size for image in made.values())
        fields = dict.fromkeys(RENDITIONS, post.image.name) | names
        # The image may have been replaced or deleted since, or another worker was quicker.
        same = Post.objects.filter(pk=post_id, image=post.image.name, thumbnail="")
        if same.update(**fields, image_bytes=F("image_bytes") + size):
            quotas.add_renditions(post, size)
        else:
            files.discard(set(names.values()))


@shared_task(name="ublog.blog.tasks.forget_keys")
def delete_old_keys() -> int:
    """Delete idempotency keys that are older than PublishKey.KEEP; return how many."""
    return PublishKey.objects.filter(created_on__lt=timezone.now() - PublishKey.KEEP).delete()[0]


@shared_task(name="ublog.blog.tasks.delete_old_notifications")
def delete_old_notifications() -> int:
    """Delete notifications that are older than `notifications.KEEP`, in batches; return how many.

    Each batch is a transaction of its own, so that requests can write between them.
    """
    deleted = 0
    expired = Notification.objects.expired().order_by("pk").values_list("pk", flat=True)
    while batch := list(expired[:NOTIFICATIONS_AT_ONCE]):
        deleted += Notification.objects.filter(pk__in=batch).delete()[0]
    return deleted


@shared_task(name="ublog.blog.tasks.delete_old_uploads")
def delete_old_uploads() -> int:
    """Delete uploads that were not published within Upload.KEEP, in batches; return how many."""
    deleted = 0
    expired = Upload.objects.expired()
    while ids := list(expired.values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        deleted += upload_actions.discard(Upload.objects.filter(pk__in=ids))
    return deleted


@shared_task(name="ublog.blog.tasks.sweep_orphans")
def sweep_orphans() -> int:
    """Delete the stored images that neither a post nor the site refers to; return how many.

    A process that is killed between storing an image and its post leaves one.
    """
    deleted = 0
    orphans = chain(files.orphans(KEEP_ORPHANS), site_looks.orphans(KEEP_ORPHANS))
    while batch := set(islice(orphans, SWEPT_AT_ONCE)):
        files.discard(batch)
        deleted += len(batch)
    log.info("%d orphaned files deleted", deleted)
    return deleted


@shared_task(name="ublog.blog.tasks.measure_images")
def measure_images() -> int:
    """Set `image_bytes` of images that an earlier release stored; return of how many posts."""
    posts = list(Post.objects.filter(image_bytes=None).exclude(image="")[:MEASURED_AT_ONCE])
    for post in posts:
        size = sum(map(files.stored_size, post.file_names))
        # Only if neither the image nor its renditions have changed since.
        same = {"image": post.image.name, "thumbnail": post.thumbnail.name, "image_bytes": None}
        Post.objects.filter(pk=post.pk, **same).update(image_bytes=size)
    return len(posts)


@shared_task(name="ublog.blog.tasks.fold_posts")
def fold_posts(after_id: int = 0) -> int:
    """Fold posts that an earlier release stored, and store their tags, from that id on.

    Return how many. Another task goes on where this one ends. It may run twice: a post that was
    edited since is left as it is.
    """
    waiting = Post.objects.filter(folding=None, pk__gt=after_id).order_by("pk")
    posts = list(waiting.only("body", "body_folded")[:FOLDED_AT_ONCE])
    for post in posts:
        folded = {"body_folded": fold_for_search(post.body), "folding": FOLDING}
        with transaction.atomic():
            same = Post.objects.filter(pk=post.pk, body=post.body, folding=None)
            if same.update(**folded) and has_signs(post.body):
                keys = set(map(tag_key, tags(post.body)))
                PostTag.objects.replace(post, "key", keys, is_new=False)
    if len(posts) == FOLDED_AT_ONCE:
        later(fold_posts, posts[-1].pk)
    return len(posts)


@shared_task(name="ublog.blog.tasks.renew_mentions")
def renew_mentions(user_id: int, after_id: int = 0) -> int:
    """Store the current username of a user in the posts that mention them, from that id on.

    Return how many posts. Another task goes on where this one ends. It may run twice.
    """
    mentioning = PostMention.objects.filter(user=user_id, post__gt=after_id).order_by("post")
    ids = list(mentioning.values_list("post", flat=True)[:RENEWED_AT_ONCE])
    for post in Post.objects.filter(pk__in=ids).only("mentions"):
        renew(post)
    if len(ids) == RENEWED_AT_ONCE:
        later(renew_mentions, user_id, ids[-1])
    return len(ids)


@shared_task(name="ublog.blog.tasks.forget_mentions")
def forget_mentions() -> int:
    """Make mentions of deleted users text; return of how many posts. It may run twice."""
    gone = PostMention.objects.filter(user=None).select_related("post")[:RENEWED_AT_ONCE]
    for mention in gone:
        renew(mention.post)
        mention.delete()
    if len(gone) == RENEWED_AT_ONCE:
        later(forget_mentions)
    return len(gone)


def renew(post: Post) -> None:
    """Store the current usernames of whom the post mentions, without those who are deleted.

    If the post was edited since it was read, it is left as it is: an edit does the same.
    """
    before = mentions.load(post.mentions)
    ids = [pk for pk, _ in before.values()]
    current = dict(CustomUser.objects.filter(pk__in=ids).values_list("pk", "username"))
    now = {name: (pk, current[pk]) for name, (pk, _) in before.items() if pk in current}
    same = Post.objects.filter(pk=post.pk, mentions=post.mentions)
    same.update(mentions=mentions.dump(now))
