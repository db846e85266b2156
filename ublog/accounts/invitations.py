"""The links by which people join: invitations, and the one that sets up a new site.

A link has a signed key: the database alone, or a backup of it, opens nothing. A restore deletes the
rows, and with them what the links open.
"""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from ublog.accounts import blocks, email_addresses
from ublog.accounts.active_users import active_now
from ublog.accounts.fields import EmailAddressField
from ublog.core.models import SiteSettings

SET_UP_WITHIN = timedelta(days=1)
signer = Signer(salt="ublog.invitation", sep=".")


CLOSED = "This site takes no new members."
INVITATION_NEEDED = "People join this site by invitation: open the link that a member gives you."


def new_key() -> str:
    return get_random_string(16)


def unusable() -> ValidationError:
    """Return the one error of links that are used up, expired or forged, to be raised."""
    message = "This invitation was used already, has expired, or is not complete."
    return ValidationError({"invitation": [message]})


def key_of(token: str) -> str:
    """Return the key in a link's token. Raise ValidationError for a forged one."""
    try:
        return signer.unsign(token)
    except BadSignature:
        raise unusable() from None


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def usable(self) -> "InvitationQuerySet":
        """Filter those that have not expired and still let somebody join."""
        by_somebody = Q(created_by=None) | active_now("created_by__")
        return self.filter(by_somebody, used__lt=F("uses"), expires_on__gt=timezone.now())

    def set_up_links(self) -> "InvitationQuerySet":
        return self.filter(makes_administrator=True)

    def invitations(self) -> "InvitationQuerySet":
        return self.filter(makes_administrator=False)

    def get_usable(self, key: str) -> "Invitation":
        """Return the invitation of that key. Raise ValidationError if nobody may use it."""
        try:
            return self.usable().get(key=key)
        except Invitation.DoesNotExist:
            raise unusable() from None


class Invitation(models.Model):
    """A link by which a number of people may join until it expires."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, editable=False
    )
    created_on = models.DateTimeField(default=timezone.now, editable=False)
    expires_on = models.DateTimeField()
    email = EmailAddressField(
        "e-mail address",
        max_length=email_addresses.MAX_LENGTH,
        blank=True,
        default="",
        db_default="",
        help_text="Only this address may join by it. Empty: anybody who has the link.",
    )
    uses = models.PositiveIntegerField(default=1, help_text="How many people may join by it.")
    used = models.PositiveIntegerField(default=0, editable=False)
    # Of the link that sets up a new site: it makes its first account.
    makes_administrator = models.BooleanField(default=False, editable=False)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return f"invitation {self.pk}"

    @property
    def token(self) -> str:
        """Return the secret part of the link."""
        return signer.sign(self.key)

    @property
    def url(self) -> str:
        """Return the link. Its host is SITE_URL's, never that of a request."""
        path = "set-up" if self.makes_administrator else "join"
        return f"{settings.SITE_URL}/accounts/{path}/{self.token}/"

    def use(self) -> bool:
        """Count one use; return False when another request has had the last one."""
        return bool(Invitation.objects.usable().filter(pk=self.pk).update(used=F("used") + 1))


class Admission(NamedTuple):
    """How somebody may join: by an invitation, or when a moderator has approved it, or at once."""

    invitation: Invitation | None
    needs_approval: bool = False


def check_may_join(email: str, key: str) -> Admission:
    """Return how the address may join, with the invitation of that key, if there is one.

    This is the one place where it is decided who may join. Raise PermissionDenied on a closed site;
    ValidationError for an address of a domain that is not allowed, and without an invitation that
    can be used, where one is needed. What moderators block is in `blocks`.
    """
    site = SiteSettings.objects.in_effect()
    check_not_closed(site)
    check_domain(site, email)
    blocks.check_may_join(email)
    if key:
        invitation = Invitation.objects.invitations().get_usable(key)
        check_address(invitation, email)
        return Admission(invitation)
    if site.who_may_join == site.WhoMayJoin.INVITATION:
        raise ValidationError({"invitation": [INVITATION_NEEDED]})
    return Admission(None, site.who_may_join == site.WhoMayJoin.APPROVAL)


def check_address(invitation: Invitation, email: str) -> None:
    """Raise ValidationError for an invitation that is for another address."""
    if invitation.email and invitation.email != email_addresses.normal_form(email):
        message = "This invitation is for another e-mail address."
        raise ValidationError({"email": [message]})


def check_not_closed(site: SiteSettings) -> None:
    """Raise PermissionDenied on a site that takes no new members."""
    if site.who_may_join == site.WhoMayJoin.CLOSED:
        raise PermissionDenied(CLOSED)


def check_domain(site: SiteSettings, email: str) -> None:
    """Raise ValidationError unless the site allows the domain of this e-mail address."""
    allowed = site.allowed_domains.replace(",", " ").split()
    normal = {email_addresses.normal_form(f"x@{domain}").partition("@")[2] for domain in allowed}
    if allowed and email.rpartition("@")[2] not in normal:
        message = f"People join this site with an address of {', '.join(allowed)}."
        raise ValidationError({"email": [message]})


def check_link(token: str) -> None:
    """Raise PermissionDenied or ValidationError where the link of an invitation leads nowhere."""
    check_not_closed(SiteSettings.objects.in_effect())
    Invitation.objects.invitations().get_usable(key_of(token))
