"""How somebody joins a site on which moderators approve new members.

All raise NotAuthenticated, PermissionDenied, ValidationError or Application.DoesNotExist, and then
nothing has changed. `by` is the moderator who acts; each decision is in the moderation log.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import Signal

from ublog.accounts import moderation_log
from ublog.accounts.models import Application, CustomUser, Mail
from ublog.accounts.moderation_log import ModerationAction
from ublog.accounts.roles import get_moderator
from ublog.accounts.tasks import enqueue_mail
from ublog.core.ids import parse_id
from ublog.core.text import check_raw_length
from ublog.core.viewers import Viewer

MAX_REASON = 280

# Sent in the transaction, as those of `blog.events`. user: who wants to join
applied = Signal()
decided = Signal()


def clean_reason(reason: str) -> str:
    """Return what an applicant writes, in its normal form. Raise ValidationError."""
    field = Application._meta.get_field("reason")
    try:
        check_raw_length(reason, MAX_REASON)
        return str(field.clean(reason, None))
    except ValidationError as error:
        raise ValidationError({"reason": error.messages}) from None


def apply(user: CustomUser, reason: str) -> None:
    """Have an account that is not active wait for a moderator. Call it in a transaction."""
    Application.objects.create(user=user, reason=reason)
    applied.send(Application, user=user)


@transaction.atomic
def approve(*, by: Viewer, pk: int | str, reason: str = "") -> CustomUser:
    """Activate the account of an application, and return it. `reason` is for the log."""
    user = _decide(by, pk, ModerationAction.APPROVE, reason)
    user.is_active = True
    user.save(update_fields=["is_active"])
    enqueue_mail(Mail.Kind.APPROVED, user.email, user)
    return user


@transaction.atomic
def reject(*, by: Viewer, pk: int | str, reason: str = "") -> None:
    """Delete the account of an application, with what was written in it."""
    user = _decide(by, pk, ModerationAction.REJECT, reason)
    enqueue_mail(Mail.Kind.NOT_APPROVED, user.email)
    user.delete()


def _decide(by: Viewer, pk: int | str, action: ModerationAction, reason: str) -> CustomUser:
    """Delete an application and return its user. Of two moderators at once, one succeeds."""
    moderator = get_moderator(by)
    application = Application.objects.select_related("user").get(pk=parse_id(pk))
    user: CustomUser = application.user
    if not Application.objects.filter(pk=application.pk).delete()[0]:
        raise Application.DoesNotExist
    moderation_log.note(moderator, action, f"the application of @{user.username}", reason)
    decided.send(Application, user=user)
    return user
