"""Mails of notifications: of all but likes, immediately or in one digest a day.

`Notification.mail_state` is the mark that no notification is mailed twice. It is set in the
transaction that stores the task, and again when the mail is sent. A worker that is killed between
sending and the second mark repeats the mail with the same Message-ID, as all mails.
"""

from datetime import time, timedelta
from textwrap import indent
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.dispatch import receiver
from django.utils import timezone
from limits import parse

from ublog.accounts import time_zones
from ublog.accounts.active_users import active_now
from ublog.accounts.models import CustomUser
from ublog.accounts.notification_settings import EmailNotifications
from ublog.accounts.signed_links import UNSUBSCRIBE
from ublog.blog import events
from ublog.blog.models import Post
from ublog.blog.notifications import (
    TO_MODERATORS,
    MailState,
    Notification,
    NotificationKind,
    NotificationQuerySet,
)
from ublog.core import limits, mail
from ublog.core.background.outbox import later

MORNING = time(8)  # in the user's time zone
KEEP = timedelta(days=7)  # a digest has nothing older, as when SMTP was not configured for long
USERS_AT_ONCE = 200
MOST_SHOWN = 20  # notifications in one mail; the others are counted
DID: dict[str, str] = {
    NotificationKind.REPLY: "replied to you",
    NotificationKind.MENTION: "mentioned you",
    NotificationKind.REPORT: "wrote a post that was reported",
    NotificationKind.HELD: "wrote a post that waits for an approval",
    NotificationKind.APPLICATION: "wants to join",
}
# What exceeds it waits for the digest: others decide how often they mention a user.
IMMEDIATE = parse("20/hour")


@receiver(events.notified, sender=Notification)
def schedule_mails(made: NotificationQuerySet, **_: Any) -> None:
    """Schedule mails to users who have just been notified, as they have chosen."""
    if not mail.is_configured():
        return
    made = made.filter(mail_state=None)
    wanted = made.exclude(user__email_notifications=EmailNotifications.OFF)
    chosen = wanted.values_list("pk", "user", "user__email_notifications")
    now = {
        pk: user
        for pk, user, choice in chosen
        if choice == EmailNotifications.IMMEDIATE
        and not limits.count(IMMEDIATE, "notification_mail", str(user))
    }
    wanted.exclude(pk__in=now).update(mail_state=MailState.PENDING)
    made.filter(pk__in=now).update(mail_state=MailState.SCHEDULED)
    for pk, user in now.items():
        later(mail_notifications, user, pk, pk)


@shared_task(name="ublog.blog.notification_mails.send_digests")
def send_digests(after_id: int = 0) -> int:
    """Schedule the digests of users with that id or a higher one where it is morning by now.

    Return how many. Another task goes on where this one ends. It may run twice, and late: a digest
    has what was new at the last MORNING in the user's time zone, so there is one a day.
    """
    if not mail.is_configured():
        return 0
    pending = Notification.objects.filter(mail_state=MailState.PENDING, user__gt=after_id)
    waiting = pending.values_list("user", "user__time_zone").annotate(Min("created_on"))
    batch = list(waiting.order_by("user")[:USERS_AT_ONCE])
    scheduled = 0
    for user, zone, oldest in batch:
        morning = time_zones.last(MORNING, time_zones.get(zone), timezone.now())
        if oldest < morning:
            due = Notification.objects.filter(user=user, created_on__lt=morning)
            scheduled += schedule_digest(user, due)
    if len(batch) == USERS_AT_ONCE:
        later(send_digests, batch[-1][0])
    return scheduled


def schedule_digest(user: int, due: NotificationQuerySet) -> bool:
    """Schedule one mail with those of a user's notifications that are pending; return whether.

    Of two workers, the other one finds nothing pending.
    """
    with transaction.atomic():
        due = due.filter(mail_state=MailState.PENDING)
        locked = due.select_for_update(skip_locked=True).order_by("pk")
        ids = list(locked.values_list("pk", flat=True))
        Notification.objects.filter(pk__in=ids).update(mail_state=MailState.SCHEDULED)
        if ids:
            later(mail_notifications, user, ids[0], ids[-1])
    return bool(ids)


@shared_task(name="ublog.blog.notification_mails.mail_notifications")
def mail_notifications(user_id: int, first_id: int, last_id: int) -> None:
    """Mail a user the scheduled notifications with these ids and between, if they are unread.

    Nothing is sent to a user who is not active, or who has ended such mails. An active user has
    proved the e-mail address: see `accounts.actions`.
    """
    scheduled = Notification.objects.filter(
        user=user_id, pk__range=(first_id, last_id), mail_state=MailState.SCHEDULED
    )
    users = CustomUser.objects.filter(active_now(), pk=user_id)
    user = users.exclude(email_notifications=EmailNotifications.OFF).first()
    if user:
        since = max(user.notifications_read_up_to, timezone.now() - KEEP)
        unread = scheduled.visible_to(user_id).filter(created_on__gt=since)
        if found := list(unread.select_related("actor", "post__created_by").order_by("pk")):
            send(user, found)
    scheduled.update(mail_state=MailState.SENT)


def send(user: CustomUser, notifications: list[Notification]) -> None:
    """Send one mail with these notifications, oldest first.

    RFC 8058: its headers let mail clients unsubscribe by one click.
    """
    link = f"{settings.SITE_URL}/{UNSUBSCRIBE.path}/{UNSUBSCRIBE.token(user)}/"
    headers = {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    shown = notifications[:MOST_SHOWN]
    context = {
        "user": user,
        "notifications": [(one, *say(one)) for one in shown],
        "count": len(notifications),
        "more": len(notifications) - len(shown),
        "unsubscribe": link,
    }
    mail.send("notifications", user.email, context, headers=headers)


def say(one: Notification) -> tuple[str, str, str]:
    """Return what the actor did, a link to it, and the text of its post as a quotation."""
    did = (
        DID[NotificationKind(one.kind)]
        if one.post or one.kind != NotificationKind.REPORT
        else "was reported"
    )
    path = "moderation/" if one.kind in TO_MODERATORS else f"posts/{one.post_id}"
    return did, f"{settings.SITE_URL}/{path}", quote(one.post) if one.post else ""


def quote(post: Post) -> str:
    """Return the text of a post with a sign before each line: it cannot pass for ours."""
    text = "".join(segment["text"] for segment in post.segments)
    if post.image:
        text = f"{text}\n[Picture] {post.image_alt}".strip()
    return indent(text, "> ", lambda line: True)
