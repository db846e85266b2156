"""Who is notified of what happens to posts, and of what waits for moderators."""

from typing import Any

from django.db.models.signals import pre_delete
from django.dispatch import receiver
from limits import parse

from ublog.accounts import applications
from ublog.accounts.models import Application, CustomUser
from ublog.blog import events, mentions
from ublog.blog.models import Post, PostLike
from ublog.blog.notifications import TO_MODERATORS, Notification, NotificationKind
from ublog.blog.post_rows import PostRow
from ublog.blog.reports import Report
from ublog.blog.states import PostState
from ublog.core import limits
from ublog.core.db.compiled_query import Constant

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


@receiver(events.hidden, sender=Post)
def delete_notifications(post: Post, **_: Any) -> None:
    """Delete what users were notified of. With a post that is deleted its notifications go, too:
    see `deletion`."""
    Notification.objects.filter(post=post).delete()


# -- Moderators --------------------------------------------------------------------------------


@receiver(events.held, sender=Post)
def notify_of_held_post(post: Post, **_: Any) -> None:
    """Notify the moderators of a post that is held, unless others wait already: a wave of spam is
    one notification."""
    waiting = Post.objects.filter(state=Constant(PostState.HELD)).exclude(pk=post.pk)
    if not waiting.exists():
        kind = NotificationKind.HELD
        Notification.objects.notify_moderators(kind, post.created_by_id, post=post.pk)


@receiver(events.reported, sender=Report)
def notify_of_report(report: Report, **_: Any) -> None:
    """Notify the moderators of what is reported for the first time: but not who reports it."""
    about = report.user_id or (report.post.created_by_id if report.post else None)
    kind, by = NotificationKind.REPORT, report.by_id
    Notification.objects.notify_moderators(kind, about, post=report.post_id, but=by)


@receiver(applications.applied, sender=Application)
def notify_of_application(user: CustomUser, **_: Any) -> None:
    Notification.objects.notify_moderators(NotificationKind.APPLICATION, user.pk)


@receiver(events.settled, sender=Report)
def forget_report(subject: int, **_: Any) -> None:
    """Delete what moderators were notified of. With what is deleted its notifications go, too."""
    done = Notification.objects.filter(kind__in=TO_MODERATORS)
    if subject > 0:
        done.filter(post=subject).delete()
    else:
        done.filter(post=None, kind=NotificationKind.REPORT, actor=-subject).delete()


@receiver(applications.decided, sender=Application)
def forget_application(user: CustomUser, **_: Any) -> None:
    Notification.objects.filter(kind=NotificationKind.APPLICATION, actor=user).delete()


def mentioned_ids(stored: str | None) -> list[int]:
    """Return the ids of the users whom a post mentions, in the order of its text, each once."""
    return list(dict.fromkeys(pk for pk, _ in mentions.load(stored).values()))
