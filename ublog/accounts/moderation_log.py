"""The log of what moderators do. An action writes its entry in its own transaction."""

from typing import Any, Unpack

from django.conf import settings
from django.db import models
from django.db.models import F
from django.utils import timezone

from ublog.core.cursors import Page, PageQuery, PageRequest
from ublog.core.text import PlainTextField

MAX_REASON = 500  # code points


class ModerationAction(models.TextChoices):
    """What a moderator did."""

    HIDE = "hide", "hid"
    UNHIDE = "unhide", "showed again"
    APPROVE = "approve", "approved"
    REJECT = "reject", "rejected"
    DELETE = "delete", "deleted"
    EDIT = "edit", "edited in the admin"
    DISMISS = "dismiss", "dismissed the reports of"
    SUSPEND = "suspend", "suspended"
    LIFT = "lift", "lifted the suspension of"
    END_SESSIONS = "end_sessions", "ended all sessions of"
    DELETE_ALL = "delete_all", "deleted all posts of"
    BLOCK = "block", "blocked"
    ALLOW = "allow", "allowed again"


class LogQuerySet(models.QuerySet["LogEntry"]):
    def page(self, **request: Unpack[PageRequest]) -> Page["LogEntry"]:
        """Return one page, newest first. Raise ValidationError for a bad cursor or size."""
        query = PageQuery.at(**request)
        return query.page(list(query.of(self.all())))


class LogEntry(models.Model):
    """Who of the moderators did what, to whom or what, why and when. Nobody changes it.

    `by_name` and `target` are what they were called at the time: they stay when the account goes.
    """

    created_on = models.DateTimeField(default=timezone.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    by_name = models.CharField(max_length=30)
    action = models.CharField(max_length=20, choices=ModerationAction)
    target = models.CharField(max_length=300)
    reason = PlainTextField(max_length=MAX_REASON, blank=True)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = "moderation log entry"
        verbose_name_plural = "moderation log"
        indexes = [
            models.Index(F("created_on").desc(), F("id").desc(), name="moderation_log_newest")
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.get_action_display()} {self.target}"

    def save(self, **options: Any) -> None:
        """Store a new entry. Raise TypeError for one that is stored already."""
        if not self._state.adding:
            raise TypeError("An entry of the moderation log is never changed.")
        super().save(**options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        """Raise TypeError."""
        raise TypeError("An entry of the moderation log is never deleted.")


def note(by: Any, action: ModerationAction, target: str, reason: str = "") -> None:
    """Write what a moderator has just done. Call it in the transaction of the action.

    Raise ValidationError, by its field, for a reason that is not acceptable.
    """
    entry = LogEntry(by=by, by_name=by.username, action=action, target=target, reason=reason)
    entry.full_clean(exclude={"by"}, validate_unique=False)
    entry.save()
