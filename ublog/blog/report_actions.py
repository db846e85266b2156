"""Users report posts and users to the moderators.

Both raise NotAuthenticated, ValidationError, RateLimited, Post.DoesNotExist or
CustomUser.DoesNotExist, and then nothing has changed. A second report of the same by the same user
changes nothing.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from ublog.accounts.models import CustomUser
from ublog.blog import events
from ublog.blog.actions import transaction_on
from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.blog.reports import Report
from ublog.core import limits
from ublog.core.viewers import Viewer


def report(*, post_id: int | str, by: Viewer, reason: str) -> PostRow:
    """Report a published post of somebody else. Return it as the viewer sees it."""
    user = CustomUser.objects.get_active(by)
    row: PostRow = Post.objects.get_published_row(user, post_id)
    if row.written_by(user):
        raise ValidationError("You cannot report your own post.")
    cleaned = clean_reason(reason)
    limits.spend(Report.LIMIT, user)
    with transaction_on(post_id):
        locked = Post.objects.get_for_update(post_id)
        _store(user, cleaned, post=locked, subject=locked.pk)
    return row


def report_user(*, username: str, by: Viewer, reason: str) -> CustomUser:
    """Report another user. Return who it is."""
    user = CustomUser.objects.get_active(by)
    other = CustomUser.objects.get_by_username(username, by)
    if other == user:
        raise ValidationError("You cannot report yourself.")
    cleaned = clean_reason(reason)
    limits.spend(Report.LIMIT, user)
    with transaction.atomic():
        locked = CustomUser.objects.select_for_update(no_key=True).get(pk=other.pk)
        _store(user, cleaned, user=locked, subject=-locked.pk)
    return other


def clean_reason(reason: str) -> str:
    """Return the cleaned reason. Raise ValidationError, by its field."""
    try:
        return str(Report._meta.get_field("reason").clean(reason, None))
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from None


def _store(by: CustomUser, reason: str, *, subject: int, **target: Any) -> None:
    """Store a report of what is locked, unless the user has reported it already."""
    same = Report.objects.filter(subject=subject)
    if not same.filter(by=by).exists():
        is_first = not same.exists()
        report = Report(by=by, reason=reason, subject=subject, is_first=is_first, **target)
        report.save()
        if is_first:
            events.reported.send(Report, report=report)
