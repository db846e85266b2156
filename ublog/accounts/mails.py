"""The mails to people: which there are, how many, and what they say. `tasks.py` sends them."""

from typing import Any

from django.conf import settings

from ublog.accounts.backends import email_key
from ublog.accounts.models import CustomUser, Mail
from ublog.accounts.signed_links import ACTIVATE, NEW_EMAIL, RESET, Link, SignUpLink
from ublog.core import limits, mail

Kind = Mail.Kind


def spend(email: str) -> None:
    """Count a mail that somebody asks to be sent to an address. Raises RateLimited.

    Counted alike whether the address is known, and before anything that takes long.
    """
    limits.spend("mail", of=f"mail:{email_key(email)}")
    limits.spend("mail_address")


def send(letter: Mail) -> None:
    """Send it, unless there is nothing to say, as to an address that nobody here has."""
    template, context = content_of(letter)
    if template:
        mail.send(template, letter.to, context)


def content_of(letter: Mail) -> tuple[str, dict[str, Any]]:
    """Which mail it is, by the state of the account now, and what its text needs; "": none."""
    user, kind = letter.user, letter.kind
    if kind in (Kind.SIGN_UP, Kind.ACTIVATION):
        return sign_up_mail(letter.to)
    if kind in (Kind.PASSWORD_CHANGED, Kind.EMAIL_CHANGED, Kind.DELETED):
        return kind, {"user": user}
    if user is None:
        return "", {}
    if kind == Kind.EMAIL_CHANGE:
        # Without the user's name: nobody has proved yet that it goes to themselves.
        return kind, link(NEW_EMAIL, NEW_EMAIL.token(user, letter.to))
    if kind == Kind.PASSWORD_RESET and user.is_active:
        return kind, {"user": user, **link(RESET, RESET.token(user))}
    return "", {}


def sign_up_mail(address: str) -> tuple[str, dict[str, Any]]:
    """The activation link, or a note that there is an account; nothing to one deactivated."""
    owner = CustomUser.objects.with_email(address)
    if owner is None or owner.is_never_activated:
        return "activation", link(ACTIVATE, ACTIVATE.token(address))
    return ("account_exists", {"user": owner}) if owner.is_active else ("", {})


def link(kind: Link | SignUpLink, token: str) -> dict[str, Any]:
    """The address of a page of the configured site: never of one that a request names."""
    address = f"{settings.SITE_URL}/accounts/{kind.path}/{token}/"
    return {"link": address, "hours": round(kind.lifetime.total_seconds() / 3600)}
