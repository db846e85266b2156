"""How members invite others. Who may, the site's settings say.

All raise NotAuthenticated, PermissionDenied, ValidationError or RateLimited, and then nothing has
changed. `by` is the user who acts.
"""

from datetime import timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from ublog.accounts.invitations import Invitation, check_not_closed
from ublog.accounts.models import CustomUser
from ublog.core import limits
from ublog.core.ids import parse_id
from ublog.core.models import SiteSettings
from ublog.core.viewers import Viewer

MOST_USES, MOST_DAYS = 500, 90
LISTED = 100  # invitations, the newest


def get_inviter(viewer: Viewer) -> CustomUser:
    """Return the user that the viewer is. Raise PermissionDenied for one who may not invite."""
    user = CustomUser.objects.get_logged_in(viewer)
    site = SiteSettings.objects.in_effect()
    if not (user.is_staff or site.who_may_invite == site.WhoMayInvite.MEMBERS):
        raise PermissionDenied("On this site, moderators invite people.")
    return user


def invite(*, by: Viewer, email: str = "", uses: int = 1, days: int = 7) -> Invitation:
    """Create an invitation for that many people, which expires after so many days.

    With an e-mail address, only that address may join by it, once.
    """
    user = get_inviter(by)
    check_not_closed(SiteSettings.objects.in_effect())
    bounds = {"uses": (uses, MOST_USES), "days": (days, MOST_DAYS)}
    errors = {
        name: [f"Choose a number from 1 to {most}."]
        for name, (number, most) in bounds.items()
        if not 1 <= number <= most
    }
    expires = timezone.now() + timedelta(days=days if "days" not in errors else 1)
    invitation = Invitation(created_by=user, email=email, uses=uses, expires_on=expires)
    if email and "uses" not in errors and uses != 1:
        errors["uses"] = ["One person has one address: choose 1."]
    try:
        invitation.clean_fields(exclude={"uses"})
    except ValidationError as error:
        errors |= error.message_dict
    if errors:
        raise ValidationError(errors)
    limits.spend("invitation", user)
    invitation.save()
    return invitation


def list_invitations(*, by: Viewer) -> list[Invitation]:
    """Return the newest invitations that can be used: of everybody for moderators, else by `by`."""
    user = get_inviter(by)
    invitations = Invitation.objects.invitations().usable().select_related("created_by")
    if not user.is_staff:
        invitations = invitations.filter(created_by=user)
    return list(invitations.order_by("-pk")[:LISTED])


def end_invitation(*, by: Viewer, pk: int | str) -> None:
    """Delete an invitation: of anybody for moderators, else by `by`.

    Raise Invitation.DoesNotExist.
    """
    user = get_inviter(by)
    invitations = Invitation.objects.invitations()
    if not user.is_staff:
        invitations = invitations.filter(created_by=user)
    invitations.get(pk=parse_id(pk)).delete()
