"""Notify the users of a demonstration of replies and likes, as actions would have done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, OuterRef, Subquery

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post, PostLike
from ublog.blog.notifications import KEEP, Notification, NotificationKind

UNREAD = timedelta(days=2)  # what is older is read


def notify(posts: list[Post], now: datetime) -> None:
    """Store the notifications of these stored posts that would not have ended by now."""
    likes = PostLike.objects.filter(post=OuterRef("pk")).exclude(liked_by=OuterRef("created_by"))
    last = likes.order_by("-liked_on", "-pk")
    found = Post.objects.filter(pk__in=[post.pk for post in posts]).annotate(
        replied=F("in_reply_to__created_by"),
        liker=Subquery(last.values("liked_by")[:1]),
        liked_on=Subquery(last.values("liked_on")[:1]),
    )
    made = [one for post in found for one in notifications_of(post)]
    new = [one for one in made if one.user_id != one.actor_id and one.created_on > now - KEEP]
    Notification.objects.bulk_create(new)


def notifications_of(post: Any) -> Iterator[Notification]:
    """Yield the notifications of a post with the annotations of `notify`."""
    if post.replied:
        kind, actor = NotificationKind.REPLY, post.created_by_id
        yield Notification(
            user_id=post.replied, kind=kind, post=post, actor_id=actor, created_on=post.created_on
        )
    if post.liker and post.created_by_id:
        kind, author = NotificationKind.LIKE, post.created_by_id
        yield Notification(
            user_id=author, kind=kind, post=post, actor_id=post.liker, created_on=post.liked_on
        )


def mark_read(people: list[int], now: datetime) -> None:
    """Mark as read what these users were notified of earlier than UNREAD ago."""
    for start in range(0, len(people), 1_000):
        users = CustomUser.objects.filter(pk__in=people[start : start + 1_000])
        users.update(notifications_read_up_to=now - UNREAD)
