"""The mails to people: which there are, how many, and what they say. `tasks.py` sends them."""

from typing import Any

from django.conf import settings

from ublog.accounts.links import ACTIVATE, NEW_EMAIL, RESET, Link
from ublog.accounts.models import CustomUser, Mail
from ublog.accounts.sign_in import email_key
from ublog.core import limits, mail

Kind = Mail.Kind


def spend(email: str) -> None:
    """Count a mail that somebody asks to be sent to an address. Raises TooMany.

    Counted alike whether the address is known, and before anything that takes long.
    """
    limits.spend("mail", of=f"mail:{email_key(email)}")
    limits.spend("mail_address")


def send(letter: Mail) -> None:
    """Send it, unless there is nothing to say, as to an address that nobody here has."""
    template, context = content_of(letter)
    if template:
        mail.send(template, letter.to, {"user": letter.user, **context})


def content_of(letter: Mail) -> tuple[str, dict[str, Any]]:
    """Which mail it is, by the state of the account now, and what its text needs; "": none."""
    user, kind = letter.user, letter.kind
    if kind in (Kind.PASSWORD_CHANGED, Kind.EMAIL_CHANGED, Kind.DELETED):
        return kind, {}
    if user is None:
        return "", {}
    if kind == Kind.EMAIL_CHANGE:
        return kind, link(NEW_EMAIL, user, letter.to)
    if user.is_newcomer:  # who asks for a new password has forgotten to activate
        return "activation", link(ACTIVATE, user)
    if kind == Kind.PASSWORD_RESET and user.is_active:
        return kind, link(RESET, user)
    return ("account_exists" if kind == Kind.SIGN_UP and user.is_active else ""), {}


def link(kind: Link, user: CustomUser, email: str = "") -> dict[str, Any]:
    """The address of a page of the configured site: never of one that a request names."""
    address = f"{settings.SITE_URL}/accounts/{kind.path}/{kind.token(user, email)}/"
    return {"link": address, "hours": round(kind.lifetime.total_seconds() / 3600)}
