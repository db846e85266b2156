"""Who is notified of what happens to posts."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from limits import parse

from ublog.accounts.models import CustomUser
from ublog.blog import events, mentions
from ublog.blog.models import Post, PostLike
from ublog.blog.notifications import Notification, NotificationKind
from ublog.blog.post_rows import PostRow
from ublog.core import limits

MAX_MENTIONED = 10  # users whom one post notifies by a mention
# Liking, unliking and liking again is new once.
NEW_LIKE = parse("1/day")


@receiver(events.published, sender=Post)
def notify_of_post(post: Post, **_: Any) -> None:
    """Notify the author of the post that this one replies to, and the users whom it mentions."""
    kinds = dict.fromkeys(mentioned_ids(post.mentions)[:MAX_MENTIONED], NotificationKind.MENTION)
    if post.in_reply_to and post.in_reply_to.created_by_id:
        kinds[post.in_reply_to.created_by_id] = NotificationKind.REPLY
    Notification.objects.notify(post, kinds)


@receiver(events.edited, sender=Post)
def notify_of_new_mentions(post: Post, mentions_before: str | None, **_: Any) -> None:
    """Notify the users whom the post did not mention before, and who know nothing of it yet."""
    before = mentioned_ids(mentions_before)
    new = [user for user in mentioned_ids(post.mentions) if user not in before]
    if not new:
        return
    kinds = dict(Notification.objects.filter(post=post).values_list("user", "kind"))
    room = MAX_MENTIONED - list(kinds.values()).count(NotificationKind.MENTION)
    new = [user for user in new if user not in kinds][: max(0, room)]
    Notification.objects.notify(post, dict.fromkeys(new, NotificationKind.MENTION))


@receiver(events.marked, sender=PostLike)
def notify_of_like(post: PostRow, by: CustomUser, **_: Any) -> None:
    """Notify the author of a post that a user likes it."""
    author = post.created_by_id
    if author is None or author == by.pk:
        return
    if limits.count(NEW_LIKE, "like_notification", f"{post.pk}:{by.pk}"):
        likes = Notification.objects.filter(post=post.pk, kind=NotificationKind.LIKE)
        likes.filter(taken_back=True).update(actor=by, taken_back=False)
    else:
        Notification.objects.notify_of_like(post, author, by)


@receiver(events.unmarked, sender=PostLike)
def take_back_like(post: PostRow, by: CustomUser, **_: Any) -> None:
    """Show another user who likes the post."""
    if post.created_by_id not in (None, by.pk):
        Notification.objects.likes_by(by).filter(post=post.pk).replace_actor(by)


@receiver(pre_delete, sender=CustomUser)
def take_back_likes(instance: CustomUser, **_: Any) -> None:
    """Show other users who like the posts that a user liked who is deleted."""
    Notification.objects.likes_by(instance).replace_actor(instance)


@receiver(events.deleted, sender=Post)
def delete_notifications(posts: list[Post], **_: Any) -> None:
    """Delete what users were notified of, with the posts."""
    Notification.objects.filter(post__in=[post.pk for post in posts]).delete()


def mentioned_ids(stored: str | None) -> list[int]:
    """Return the ids of the users whom a post mentions, in the order of its text, each once."""
    return list(dict.fromkeys(pk for pk, _ in mentions.load(stored).values()))
