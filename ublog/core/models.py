"""The base of the other apps' models, the site's settings, the request log, background work."""

import uuid
from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ublog.core.exceptions import Stale
from ublog.core.site_looks import SiteLooks
from ublog.core.text import PlainTextField, validate_one_line


class TimestampMixin:
    """Whether and when an object was edited, from its two timestamps."""

    created_on: Any
    modified_on: Any

    @property
    def edited(self) -> bool:
        return bool(self.modified_on != self.created_on)

    @property
    def version(self) -> str:
        """Return a string that changes with each edit, and not with likes.

        It is `modified_on` as REST renders it (RFC 3339, to the microsecond).
        """
        return utc(self.modified_on.isoformat())


class BaseModel(TimestampMixin, models.Model):
    """An object that a user, or an anonymous visitor (None), has created."""

    created_on = models.DateTimeField(default=timezone.now, editable=False)
    modified_on = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        db_index=False,  # each model has the index that its lists by author need
    )

    class Meta:
        abstract = True

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Set `modified_on`, which equals `created_on` until the first edit."""
        self.modified_on = self.created_on if self._state.adding else timezone.now()
        if update_fields is not None:
            update_fields = {*update_fields, "modified_on"}
        super().save(update_fields=update_fields, **options)

    def check_version(self, seen: str | None) -> None:
        """Raise Stale unless `seen` is the current version; None accepts any version."""
        if seen is not None and utc(seen) != self.version:
            raise Stale(self)


def utc(moment: str) -> str:
    """Return an ISO 8601 timestamp with Z for UTC: GraphQL writes +00:00."""
    return moment.replace("+00:00", "Z")


def request_id_field() -> "models.CharField[str | None, str | None]":
    """Return the field for a request's id. It is nullable, so adding it rewrites no table."""
    return models.CharField("request id", max_length=64, null=True, editable=False)


class RequestLog(models.Model):
    """One request and its response. `request_log.py` writes them in batches."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    date = models.DateTimeField(db_index=True)
    method = models.CharField(max_length=16)
    path = models.TextField()
    full_path = models.TextField(help_text="With the query string; secrets are masked.")
    status = models.PositiveSmallIntegerField()
    duration = models.FloatField(help_text="Milliseconds.")
    remote_address = models.GenericIPAddressField(
        null=True, help_text="The network: an IPv4 /24 or an IPv6 /48."
    )
    request_id = request_id_field()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.status}"


class SiteSettingsManager(models.Manager["SiteSettings"]):
    def stored(self) -> "SiteSettings":
        """Return the one row; without it, which is so on a new site, the defaults."""
        return next(iter(self.all()), None) or SiteSettings()

    def in_effect(self) -> "SiteSettings":
        """Return the settings with what the environment overrules. Not to be saved."""
        return self.stored().overrule()


class SiteSettings(SiteLooks):
    """What an administrator changes in the browser. There is at most one row."""

    class WhoMayJoin(models.TextChoices):
        OPEN = "open", "Everybody with an e-mail address"
        APPROVAL = "approval", "People whom a moderator approves, or with an invitation"
        INVITATION = "invitation", "People with an invitation"
        CLOSED = "closed", "Nobody"

    class WhoMayRead(models.TextChoices):
        EVERYBODY = "everybody", "Everybody"
        MEMBERS = "members", "Members only: visitors see nothing but the log-in"

    class AnonymousPosts(models.TextChoices):
        OFF = "off", "Only members may post"
        HELD = "held", "Visitors may post, and moderators approve each post"
        ON = "on", "Visitors may post without logging in"

    class FirstPosts(models.TextChoices):
        ON = "on", "New members post as others do"
        HELD = "held", "Moderators approve the posts of a new member, until one is published"

    class WhoMayInvite(models.TextChoices):
        MODERATORS = "moderators", "Moderators"
        MEMBERS = "members", "All members"

    # Each field that a variable of the environment overrules, and the setting that is made of it.
    VARIABLES: ClassVar = {
        "name": "SITE_NAME",
        "who_may_join": "WHO_MAY_JOIN",
        "who_may_read": "WHO_MAY_READ",
        "anonymous_posts": "ANONYMOUS_POSTS",
        "first_posts": "FIRST_POSTS",
    }

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = PlainTextField(max_length=50, default="μblog", validators=[validate_one_line])
    welcome = PlainTextField(
        "welcome line",
        max_length=280,
        blank=True,
        help_text="A sentence for visitors, above the posts.",
    )
    rules = PlainTextField(max_length=5_000, blank=True, help_text="What members agree to.")
    who_may_join = models.CharField(
        max_length=20, choices=WhoMayJoin, default=WhoMayJoin.INVITATION
    )
    who_may_invite = models.CharField(
        max_length=20, choices=WhoMayInvite, default=WhoMayInvite.MODERATORS
    )
    allowed_domains = PlainTextField(
        "allowed e-mail domains",
        max_length=1_000,
        blank=True,
        help_text="Such as example.org; only these addresses may join. Empty: all.",
    )
    who_may_read = models.CharField(
        max_length=20,
        choices=WhoMayRead,
        default=WhoMayRead.EVERYBODY,
        db_default=WhoMayRead.EVERYBODY,
    )
    anonymous_posts = models.CharField(
        max_length=20, choices=AnonymousPosts, default=AnonymousPosts.OFF
    )
    first_posts = models.CharField(
        "posts of new members",
        max_length=20,
        choices=FirstPosts,
        default=FirstPosts.ON,
        db_default=FirstPosts.ON,
    )

    objects = SiteSettingsManager()

    class Meta:
        verbose_name = verbose_name_plural = "site settings"

    def __str__(self) -> str:
        return str(self.name)

    @classmethod
    def overruled(cls) -> dict[str, str]:
        """Return the values of the fields that the environment overrules."""
        values = {field: getattr(settings, name) for field, name in cls.VARIABLES.items()}
        return {field: value for field, value in values.items() if value}

    @property
    def variables(self) -> dict[str, str]:
        """Return the fields that the environment overrules, each with its variable's name."""
        return {field: f"UBLOG_{self.VARIABLES[field]}" for field in self.overruled()}

    def overrule(self) -> "SiteSettings":
        """Set what the environment overrules, and return itself."""
        for field, value in self.overruled().items():
            setattr(self, field, value)
        return self

    @property
    def joins_on_approval(self) -> bool:
        return self.who_may_join == self.WhoMayJoin.APPROVAL

    @property
    def is_members_only(self) -> bool:
        return self.who_may_read == self.WhoMayRead.MEMBERS

    @property
    def takes_anonymous_posts(self) -> bool:
        """Return whether visitors may post: never where they may not read."""
        return self.anonymous_posts != self.AnonymousPosts.OFF and not self.is_members_only

    @property
    def holds_anonymous_posts(self) -> bool:
        """Return whether what visitors post waits for a moderator."""
        return self.takes_anonymous_posts and self.anonymous_posts == self.AnonymousPosts.HELD

    @property
    def appearance(self) -> tuple[str, ...]:
        """Return what pages depend on, for their ETag."""
        choices = (self.who_may_join, self.who_may_read, self.anonymous_posts)
        return (self.name, self.welcome, self.rules, *choices, *self.looks)


class OutboxQuerySet(models.QuerySet["OutboxEntry"]):
    def failed(self) -> "OutboxQuerySet":
        """Return those that were given up, and wait for an administrator to retry or delete."""
        return self.filter(due__isnull=True)

    def overdue(self, by: timedelta) -> "OutboxQuerySet":
        """Return those that should have run longer ago than `by`, oldest first."""
        return self.filter(due__lte=timezone.now() - by).order_by("due")

    def exhausted(self) -> "OutboxQuerySet":
        """Return those with no attempt left that were never given up: each time a worker died."""
        return self.filter(due__lte=timezone.now(), attempts__gte=OutboxEntry.ATTEMPTS)

    def due_too_far_ahead(self) -> "OutboxQuerySet":
        """Return those due later than any wait is long: they were scheduled by a wrong clock."""
        now = timezone.now()
        waits = {tried: OutboxEntry.longest_wait(tried) for tried in range(OutboxEntry.ATTEMPTS)}
        late = [Q(attempts=tried, due__gt=now + wait) for tried, wait in waits.items()]
        return self.filter(reduce(or_, late))

    def give_up(self, reason: str) -> int:
        return self.update(due=None, error=reason)

    def claim(self, key: str) -> "OutboxEntry | None":
        """Return the entry to the first caller; None to all others until LEASE is over."""
        now = timezone.now()
        # The first attempt does not compare clocks: `due` is by another machine's.
        free = self.filter(Q(attempts=0) | Q(due__lte=now), attempts__lt=OutboxEntry.ATTEMPTS)
        claimed = free.filter(pk=key).update(
            due=now + OutboxEntry.LEASE, attempts=F("attempts") + 1
        )
        return self.get(pk=key) if claimed else None

    def retry(self) -> int:
        """Reset their attempts, so that the sweep sends them. Return how many there were."""
        return self.update(due=timezone.now(), attempts=0)


class OutboxEntry(models.Model):
    """A task that must run: see `outbox.py`. It is deleted when its task is done."""

    ATTEMPTS: ClassVar = 8  # over nine hours
    LEASE: ClassVar = timedelta(minutes=1)  # longer than any task takes
    RETRY: ClassVar = timedelta(seconds=10)  # three times as long after each attempt
    DELAY: ClassVar = timedelta(hours=1)  # the longest `delay` of `later`

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    task = models.CharField(max_length=200)
    ids = models.JSONField(help_text="What the task is called with: ids only.")
    created_on = models.DateTimeField(default=timezone.now)
    due = models.DateTimeField(
        null=True, db_index=True, help_text="When it may be run next. Empty: given up."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    request_id = request_id_field()

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "outbox entries"

    def __str__(self) -> str:
        return f"{self.task}({', '.join(map(str, self.ids))})"

    @classmethod
    def longest_wait(cls, attempts: int) -> timedelta:
        """Return how far in the future an entry can be due after so many attempts."""
        return max(cls.retry_after(attempts), cls.LEASE) if attempts else cls.DELAY

    @classmethod
    def retry_after(cls, attempts: int) -> timedelta:
        wait: timedelta = cls.RETRY * 3**attempts
        return wait

    def reschedule(self, failure: Exception) -> None:
        """Store why an attempt failed, and schedule the next one or give up."""
        wait = self.retry_after(self.attempts)
        self.due = timezone.now() + wait if self.attempts < self.ATTEMPTS else None
        self.error = repr(failure)[:2_000]
        self.save(update_fields=["due", "error"])


class TaskCountQuerySet(models.QuerySet["TaskCount"]):
    def note(self, task: str, outcome: str) -> None:
        """Count one more run of the task, whose outcome is "done" or "failed"."""
        one_more = {outcome: F(outcome) + 1}
        if not self.filter(pk=task).update(**one_more):
            self.bulk_create([self.model(task=task)], ignore_conflicts=True)
            self.filter(pk=task).update(**one_more)


class TaskCount(models.Model):
    """How often workers ran a task: in the database, so that every web process can report it."""

    task = models.CharField(max_length=200, primary_key=True)
    done = models.PositiveBigIntegerField(default=0)
    failed = models.PositiveBigIntegerField(default=0)

    objects = TaskCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.task}: {self.done} done, {self.failed} failed"


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def note(self, name: str) -> None:
        """Store that beat or the worker of that name is alive now."""
        seen = self.model(name=name, seen_on=timezone.now())
        self.bulk_create(
            [seen], update_conflicts=True, unique_fields=["name"], update_fields=["seen_on"]
        )

    def in_the_future(self) -> "HeartbeatQuerySet":
        """Return those stored while a clock was ahead by more than AHEAD. They prove nothing."""
        return self.filter(seen_on__gt=timezone.now() + Heartbeat.AHEAD)


class Heartbeat(models.Model):
    """When beat, and each worker, was last seen alive."""

    AHEAD: ClassVar = timedelta(minutes=1)  # that the clocks of two machines may differ

    name = models.CharField(max_length=200, primary_key=True)
    seen_on = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name
