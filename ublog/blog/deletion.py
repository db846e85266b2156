"""Delete posts: one with replies stays as a tombstone until the last of them is deleted, too.

`QuerySet.delete` knows nothing of conversations: use these functions.
"""

from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.deletion import Collector
from django.db.models.expressions import RawSQL

from ublog.blog import files
from ublog.blog.models import Post, PostLike, PostMark, PostMention, PostTag
from ublog.blog.notifications import Notification
from ublog.blog.post_rows import NO_CONTENT
from ublog.blog.reports import PostNetwork, Report
from ublog.blog.states import PostState

BATCH = 500  # posts

# Tombstones that have no replies, and those above them that have no other replies: a part of BATCH
# posts of each chain, which may have any length.
EMPTY = f"""
    WITH RECURSIVE empty (id, in_reply_to_id, depth) AS (
        SELECT id, in_reply_to_id, 1 FROM blog_post AS post
        WHERE id IN ({{ids}}) AND state = {PostState.DELETED}
        AND NOT EXISTS (SELECT 1 FROM blog_post AS reply WHERE reply.in_reply_to_id = post.id)
        UNION ALL
        SELECT post.id, post.in_reply_to_id, depth + 1
        FROM empty JOIN blog_post AS post ON post.id = empty.in_reply_to_id
        WHERE state = {PostState.DELETED} AND depth < {BATCH}
        AND NOT EXISTS (
            SELECT 1 FROM blog_post AS reply
            WHERE reply.in_reply_to_id = post.id AND reply.id <> empty.id
        )
    )
    SELECT id FROM empty
"""  # noqa: S608  # nosec B608


def delete_all(posts: QuerySet[Post]) -> None:
    """Delete all of these posts, in one transaction."""
    with transaction.atomic():
        # Replies before what they reply to: posts are locked in this order everywhere.
        ids = list(posts.order_by("-pk").values_list("pk", flat=True))
        for start in range(0, len(ids), BATCH):
            batch = Post.objects.filter(pk__in=ids[start : start + BATCH])
            PostLike.objects.filter(post__in=batch).delete()
            delete(list(batch.select_for_update().order_by("-pk")))


def delete(posts: list[Post]) -> None:
    """Delete posts, with marks and files. Call it in a transaction in which they are locked.

    Publishing a reply locks its post, too, so what is read here of replies stays true.
    """
    replies = Post.objects.filter(in_reply_to=OuterRef("pk"))
    found = Post.objects.filter(Exists(replies), pk__in=[post.pk for post in posts])
    replied = set(found.values_list("pk", flat=True))
    leave_tombstones([post for post in posts if post.pk in replied])
    remove([post for post in posts if post.pk not in replied])


def delete_one(post: Post) -> None:
    """Delete one post as `delete` does, which compiles its query each time."""
    if Post.objects.has_replies(post.pk):
        leave_tombstones([post])
    else:
        remove([post])


def leave_tombstones(posts: list[Post]) -> None:
    """Take everything from these posts but their places in conversations."""
    if not posts:
        return
    ids = [post.pk for post in posts]
    for mark in PostMark.__subclasses__():
        mark._default_manager.filter(post__in=ids).delete()
    for references in (PostMention, PostTag, Notification, PostNetwork, Report):
        references.objects.filter(post__in=ids).delete()
    Post.objects.filter(pk__in=ids).update(
        **NO_CONTENT,
        body_folded="",
        image_bytes=None,
        created_by=None,
        modified_on=F("created_on"),
        state=PostState.DELETED,
    )
    for post in posts:
        files.discard(post.file_names)


def remove(posts: list[Post]) -> None:
    """Delete the rows of posts without replies, and then of the tombstones that they leave empty.

    Repeat the second step until no empty tombstone is left: it finds those of another part of a
    chain, and those whose other reply was deleted by a transaction for which this one had to wait.
    """
    while posts:
        above = {post.in_reply_to_id for post in posts if post.in_reply_to_id}
        above -= {post.pk for post in posts}
        collector = Collector(using=DEFAULT_DB_ALIAS)
        collector.collect(posts)
        collector.delete()
        posts = empty_tombstones(above)


def empty_tombstones(ids: set[int]) -> list[Post]:
    """Return those posts of these ids that are tombstones without replies, and more: see EMPTY."""
    if not ids:
        return []
    found = RawSQL(EMPTY.format(ids=", ".join(["%s"] * len(ids))), sorted(ids))  # noqa: S611  # nosec B611
    return list(Post.objects.filter(pk__in=found))
