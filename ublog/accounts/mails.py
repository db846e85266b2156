"""The mails to users: their limits, and which template is sent when. `tasks.py` calls `send`."""

from typing import Any

from django.conf import settings

from ublog.accounts.backends import email_key
from ublog.accounts.models import CustomUser, Mail
from ublog.accounts.signed_links import ACTIVATE, NEW_EMAIL, RESET, Link, SignUpLink
from ublog.core import limits, mail

Kind = Mail.Kind
WITHOUT_LINK = (
    *(Kind.PASSWORD_CHANGED, Kind.EMAIL_CHANGED, Kind.DELETED),
    *(Kind.APPROVED, Kind.NOT_APPROVED, Kind.ARCHIVE),
)


def spend(email: str) -> None:
    """Count a mail that is requested for an e-mail address. Raise RateLimited.

    Unknown addresses are counted, too, and before anything that takes long.
    """
    limits.spend("mail", of=f"mail:{email_key(email)}")
    limits.spend("mail_address")


def send(row: Mail) -> None:
    """Send the mail, unless `content_of` has none, as for an address without an account."""
    template, context = content_of(row)
    if template:
        mail.send(template, row.to, context)


def content_of(row: Mail) -> tuple[str, dict[str, Any]]:
    """Return the template and its context, by the current state of the account; "": send none."""
    user, kind = row.user, row.kind
    if kind in (Kind.SIGN_UP, Kind.ACTIVATION):
        return sign_up_mail(row.to, row.invitation.key if row.invitation else "")
    if kind in WITHOUT_LINK:
        return kind, {"user": user}
    if user is None:
        return "", {}
    if kind == Kind.EMAIL_CHANGE:
        # Without the user's name: the address is not proved to be the user's yet.
        return kind, link(NEW_EMAIL, NEW_EMAIL.token(user, row.to))
    if kind == Kind.PASSWORD_RESET and user.is_active:
        return kind, {"user": user, **link(RESET, RESET.token(user))}
    return "", {}


def sign_up_mail(address: str, invitation: str) -> tuple[str, dict[str, Any]]:
    """Return the mail with the activation link, or the one that says that there is an account.

    A deactivated account gets none.
    """
    owner = CustomUser.objects.with_email(address)
    if owner is None or owner.is_never_activated:
        return "activation", link(ACTIVATE, ACTIVATE.token(address, invitation))
    return ("account_exists", {"user": owner}) if owner.is_active else ("", {})


def link(kind: Link | SignUpLink, token: str) -> dict[str, Any]:
    """Return the context of a link. Its host is SITE_URL's, never that of a request."""
    url = f"{settings.SITE_URL}/accounts/{kind.path}/{token}/"
    return {"link": url, "hours": round(kind.lifetime.total_seconds() / 3600)}
