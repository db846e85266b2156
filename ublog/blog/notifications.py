"""Notifications: the model, which of them a user sees, and how they are read.

`listeners.py` says who is notified of what.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ublog.accounts import scopes
from ublog.accounts.active_users import active_now
from ublog.accounts.models import CustomUser
from ublog.blog import events, post_rows
from ublog.blog.mutes import Mute
from ublog.blog.post_rows import Author, PostRow
from ublog.blog.viewer_columns import viewer_columns
from ublog.core import limits
from ublog.core.cursors import EPOCH, Page, PageQuery, PageRequest
from ublog.core.db.compiled_query import Constant
from ublog.core.exceptions import NotAuthenticated
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.blog.models import Post

KEEP = timedelta(days=90)
MAX_UNREAD = 100  # more are not counted
MAX_MODERATORS = 20  # who are notified of what waits for them


class NotificationKind(models.TextChoices):
    """Why a user is notified, mostly of a post."""

    REPLY = "reply"  # it replies to a post of the user
    MENTION = "mention"  # it mentions the user
    LIKE = "like"  # others like it, and it is the user's own
    # As a moderator, until one has dealt with it:
    REPORT = "report"  # it was reported; without a post, the actor was
    HELD = "held"  # it waits for an approval, as others may that were held after it
    APPLICATION = "application"  # the actor wants to join; there is no post


TO_MODERATORS = (NotificationKind.REPORT, NotificationKind.HELD, NotificationKind.APPLICATION)


class MailState(models.IntegerChoices):
    """Whether a notification is mailed; None: it never is, or its user did not want it."""

    PENDING = 1, "pending"  # for the next digest
    SCHEDULED = 2, "scheduled"
    SENT = 3, "sent"


class NotificationRow(NamedTuple):
    """A notification with its post, if there is one, as the user sees them."""

    id: int
    kind: str
    created_on: datetime
    read_up_to: datetime
    actor: Author | None  # the author of the post, who liked it last, was reported, or applies
    post: PostRow | None

    @property
    def pk(self) -> int:
        return self.id

    @property
    def unread(self) -> bool:
        return self.created_on > self.read_up_to

    @property
    def other_count(self) -> int:
        """Return how many like the post besides the actor and its author."""
        if self.kind != NotificationKind.LIKE or self.post is None:
            return 0
        return max(0, self.post.like_count - 1 - self.post.liked)


# The columns of a row before those of its post.
OWN = ("id", "kind", "created_on", "user__notifications_read_up_to")
ACTOR = ("actor", "actor__username", "actor__display_name", "actor__avatar")
COLUMNS = (*OWN, *ACTOR, *(f"post__{name}" for name in post_rows.COLUMNS))


def make_row(values: tuple[Any, ...], viewer: Viewer) -> NotificationRow:
    id, kind, created_on, read_up_to, actor_id, username, name, avatar, *post = values
    actor = Author(actor_id, username, name, avatar) if username else None
    row = post_rows.make_row(post).for_viewer(viewer) if post[0] else None
    return NotificationRow(id, kind, created_on, read_up_to, actor, row)


class CountSubquery(Subquery):
    """The number of rows of a query set that may be limited."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = models.IntegerField()


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: Any, *, moderates: bool = True) -> "NotificationQuerySet":
        """Filter what a user sees in the list and in the count; `user` is an id or an OuterRef.

        This is the one place that says so. Likes that were taken back are not seen, nor what the
        user mutes. What moderators are notified of is seen by moderators only, whomever they mute;
        without `moderates` not even by them.
        """
        muted = Mute.objects.hides(OuterRef("user"), "actor", "post")
        of_moderators = Q(kind__in=list(map(Constant, TO_MODERATORS)))
        seen = ~of_moderators & ~muted
        if moderates:
            seen |= of_moderators & Q(user__is_staff=True)
        return self.filter(seen, user=user, taken_back=False)

    def of_kinds(self, kinds: Collection[str]) -> "NotificationQuerySet":
        """Filter by kinds, for `page`."""
        return self.filter(kind__in=kinds)

    def page(self, viewer: Viewer, **request: Unpack[PageRequest]) -> Page[NotificationRow]:
        """Return one page of the viewer's notifications, newest first.

        One query, and where there are none another one to see whether the user is active. Raise
        NotAuthenticated, and ValidationError for a bad cursor or page size.
        """
        if not viewer.pk:
            raise NotAuthenticated
        page = PageQuery.at(**request)
        moderates = scopes.allows(viewer, scopes.MODERATE)
        seen = self.visible_to(viewer.pk, moderates=moderates)
        mine = seen.filter(active_now("user__")).values_list(*COLUMNS)
        columns = viewer_columns(self.post_model, viewer, "post")
        found = [make_row(values, viewer) for values in page.of(mine.annotate(**columns))]
        if not found:
            CustomUser.objects.get_active(viewer)
        return page.page(found)

    def count_unread(self, viewer: Viewer) -> int:
        """Return how many notifications are unread, at most MAX_UNREAD. Raise NotAuthenticated.

        One query.
        """
        users: Any = CustomUser.objects.annotate(unread_count=unread_count(viewer))
        return int(users.get_active(viewer).unread_count)

    def recipients(
        self, ids: Collection[int], post: "Post | PostRow", actor: int | None
    ) -> list[int]:
        """Return those of the users who are notified of what the actor did with a post: active
        ones who mute neither the actor nor the conversation."""
        posts = self.post_model.objects.filter(pk=post.pk)
        first = Coalesce("conversation", "pk", output_field=models.BigIntegerField())
        conversation = posts.values_list(first)
        muting = Mute.objects.who_mute(actor, Subquery(conversation))
        users = CustomUser.objects.filter(active_now(), pk__in=ids).exclude(pk__in=muting)
        return list(users.values_list("pk", flat=True))

    def notify(self, post: "Post", kinds: Mapping[int, NotificationKind]) -> None:
        """Notify users, by their ids, of a post of somebody else; each once."""
        actor = post.created_by_id
        if wanted := kinds.keys() - {actor}:
            rows = [
                Notification(user_id=user, kind=kinds[user], post_id=post.pk, actor_id=actor)
                for user in self.recipients(wanted, post, actor)
            ]
            self.bulk_create(rows, ignore_conflicts=True)
            made = Notification.objects.filter(post=post.pk, user__in=[row.user_id for row in rows])
            events.notified.send(Notification, made=made)

    def notify_moderators(
        self,
        kind: NotificationKind,
        actor: int | None,
        *,
        post: int | None = None,
        but: int | None = None,
    ) -> None:
        """Notify the moderators of what waits for them: but not of themselves, nor one of them."""
        moderators = CustomUser.objects.filter(active_now(), is_staff=True)
        others = moderators.exclude(pk__in=[actor or 0, but or 0]).order_by("pk")
        users = list(others.values_list("pk", flat=True)[:MAX_MODERATORS])
        what = {"kind": kind, "actor_id": actor, "post_id": post}
        self.bulk_create([Notification(user_id=user, **what) for user in users])
        made = Notification.objects.filter(user__in=users, **what)
        events.notified.send(Notification, made=made)

    def notify_of_like(self, post: PostRow, author: int, by: CustomUser) -> None:
        """Notify the author of a post of a like: its one notification of likes is new again."""
        like = Notification(kind=NotificationKind.LIKE, post_id=post.pk, actor=by)
        for like.user_id in self.recipients({author}, post, by.pk):
            self.bulk_create(
                [like],
                update_conflicts=True,
                unique_fields=["post", "kind", "user"],
                update_fields=["actor", "created_on", "taken_back"],
            )

    def likes_by(self, user: CustomUser) -> "NotificationQuerySet":
        """Filter notifications of likes that show this user as the one who liked last."""
        return self.filter(kind=NotificationKind.LIKE, actor=user)

    def replace_actor(self, user: CustomUser) -> None:
        """Show somebody else who likes the post in place of this user, whose like is gone.

        Without anybody else they are taken back, and stay: a like that is set again is not new.
        """
        likes: Any = self.post_model._meta.get_field("postlike").related_model
        others = likes.objects.filter(post=OuterRef("post")).exclude(
            Q(liked_by=user) | Q(liked_by=OuterRef("user"))
        )
        last = others.order_by("-pk").values("liked_by")[:1]
        self.update(actor=Subquery(last), taken_back=~Exists(others))

    def expired(self) -> "NotificationQuerySet":
        return self.filter(created_on__lt=timezone.now() - KEEP)

    @property
    def post_model(self) -> type["Post"]:
        return self.model._meta.get_field("post").related_model  # type: ignore[return-value]


class Notification(models.Model):
    """A user is notified of a post, or a moderator of a user. Likes of one post are one."""

    # The index below serves look-ups by user, that of the constraint those by post.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=NotificationKind.choices)
    # None: of a user, the actor.
    post = models.ForeignKey(  # see `triggers`
        "blog.Post", on_delete=models.DO_NOTHING, null=True, db_index=False, related_name="+"
    )
    # The author of the post, or who liked it last; without a post, who was reported or applies.
    # None: anonymous, or all likes were taken back.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    created_on = models.DateTimeField(default=timezone.now)
    taken_back = models.BooleanField(default=False)
    mail_state = models.PositiveSmallIntegerField(choices=MailState.choices, null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "kind", "user"], name="one_notification_each")
        ]
        # A page and the unread count are read from it.
        indexes = [
            models.Index(
                F("user"),
                F("created_on").desc(),
                F("id").desc(),
                condition=Q(taken_back=False),
                name="notifications_of_user",
            ),
            models.Index(
                fields=["user"],
                condition=Q(mail_state=MailState.PENDING),
                name="notifications_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.post_id} for {self.user_id}"


def unread_count(viewer: Viewer | None = None, after: Any = None) -> CountSubquery:
    """Return an annotation for users: how many notifications are unread, at most MAX_UNREAD.

    Without a viewer, for the user of a session. `after` is an expression for up to when all are
    read, in place of the user's own.
    """
    after = after or OuterRef("notifications_read_up_to")
    moderates = viewer is None or scopes.allows(viewer, scopes.MODERATE)
    seen = Notification.objects.visible_to(OuterRef("pk"), moderates=moderates)
    # In the order of the index: PostgreSQL would read the whole table where one user has most rows.
    unread = seen.filter(created_on__gt=after).order_by("-created_on", "-pk")
    return CountSubquery(unread.values("pk")[:MAX_UNREAD])


def mark_read(*, by: Viewer, up_to: datetime | str) -> int:
    """Mark the viewer's notifications up to a moment as read, and return how many are unread.

    `up_to` is the `created_on` of a notification. What is in the future is now, and what was read
    stays read.
    """
    moment = min(max(parse_moment(up_to), EPOCH), timezone.now())
    after = Greatest(OuterRef("notifications_read_up_to"), Value(moment))
    users: Any = CustomUser.objects.annotate(unread_count=unread_count(by, after))
    user = users.get_active(by)
    limits.spend("notifications", user)
    unread = CustomUser.objects.filter(pk=user.pk, notifications_read_up_to__lt=moment)
    unread.update(notifications_read_up_to=moment)
    return int(user.unread_count)


def mark_read_to(*, by: Viewer, id: str) -> None:
    """Mark the viewer's notifications up to the one with that id as read, as `mark_read` does.

    What is no id of one of them marks nothing.
    """
    mine = Notification.objects.filter(user=by.pk, pk=parse_id(id))
    for moment in mine.values_list("created_on", flat=True):
        mark_read(by=by, up_to=moment)


def last_read(viewer: Viewer) -> "Notification | None":
    """Return the latest notification that the viewer has read. Raise NotAuthenticated."""
    user = CustomUser.objects.get_active(viewer)
    read = Notification.objects.visible_to(user.pk).filter(
        created_on__lte=user.notifications_read_up_to
    )
    return read.order_by("-created_on", "-id").first()


def parse_moment(value: datetime | str) -> datetime:
    """Return a moment as clients send it, in RFC 3339; in UTC if it has no zone. Raise
    ValidationError."""
    try:
        moment = parse_datetime(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if moment is None:
        raise ValidationError({"up_to": ["Give the created_on of a notification."]})
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


# Each page shows it, and reads it with the user.
CustomUser.objects.session_annotations["unread_count"] = unread_count
