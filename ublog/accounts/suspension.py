"""Suspend users: until the end nothing works that needs a login, and their posts stay.

Whether somebody is suspended is read where it is read who they are (`active_now`,
`CustomUser.is_suspended`), so it takes effect at the next request and ends by itself.

All raise NotAuthenticated, PermissionDenied, ValidationError or CustomUser.DoesNotExist, and then
nothing has changed.
"""

from datetime import UTC, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from ublog.accounts import moderation_log, token_families
from ublog.accounts.models import FOREVER, CustomUser
from ublog.accounts.moderation_log import ModerationAction
from ublog.accounts.roles import get_moderator, may_act_against
from ublog.core.viewers import Viewer

BAD_MOMENT = "Give a moment in the future, such as 2026-12-24T18:00Z, or leave it out."


def suspend(
    *, username: str, by: Viewer, until: datetime | str | None = None, reason: str = ""
) -> CustomUser:
    """Suspend a user until a moment, or without an end, and end all their sessions.

    `until` is a moment in RFC 3339, in UTC if it has no zone. Another suspension replaces it.
    """
    moderator, end = get_moderator(by), parse_end(until)
    with transaction.atomic():
        user = get_for_moderation(username, moderator)
        user.suspended_until = end
        user.save(update_fields=["suspended_until"])
        token_families.end_all(user)
        shown = "without an end" if end == FOREVER else f"until {end:%Y-%m-%d %H:%M} UTC"
        target = f"@{user.username} {shown}"
        moderation_log.note(moderator, ModerationAction.SUSPEND, target, reason)
    return user


def lift(*, username: str, by: Viewer, reason: str = "") -> CustomUser:
    """End the suspension of a user. Without one nothing changes."""
    moderator = get_moderator(by)
    with transaction.atomic():
        user = get_for_moderation(username, moderator)
        if user.is_suspended:
            user.suspended_until = None
            user.save(update_fields=["suspended_until"])
            moderation_log.note(moderator, ModerationAction.LIFT, f"@{user.username}", reason)
    return user


def end_sessions(*, username: str, by: Viewer, reason: str = "") -> CustomUser:
    """End all sessions of a user, who may log in again."""
    moderator = get_moderator(by)
    with transaction.atomic():
        user = get_for_moderation(username, moderator)
        token_families.end_all(user)
        moderation_log.note(moderator, ModerationAction.END_SESSIONS, f"@{user.username}", reason)
    return user


def get_for_moderation(username: str, moderator: CustomUser) -> CustomUser:
    """Return the user of that username, locked, if the moderator `may_act_against` them.

    Call it in a transaction. Raise PermissionDenied.
    """
    users = CustomUser.objects.select_for_update(no_key=True)
    user = users.filter_by_username(username).get()
    if user.pk == moderator.pk:
        raise PermissionDenied("You cannot do this to your own account.")
    if not may_act_against(moderator, user):
        raise PermissionDenied("Only administrators may do this to moderators and administrators.")
    return user


def parse_end(until: datetime | str | None) -> datetime:
    """Return the end of a suspension in UTC; FOREVER without one. Raise ValidationError."""
    if until in (None, ""):
        return FOREVER
    try:
        end = parse_datetime(until) if isinstance(until, str) else until
    except ValueError:
        end = None
    try:
        end = end and (end if end.tzinfo else end.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        end = None
    if not end or end <= timezone.now():
        raise ValidationError({"until": [BAD_MOMENT]})
    return end
