"""Proving who one is by password, with a budget of failures: one for all doors and the admin.

A use is counted before the password is hashed, so guessing in parallel gains nothing, and given
back when the password was right.
"""

from contextvars import ContextVar
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from ublog.accounts.models import CustomUser
from ublog.accounts.passwords import MAX_LENGTH
from ublog.core import counters, limits

# The mark of the caller's browser, set for each request as `limits.caller_address` is. Whoever
# signed in with a browser before is not locked out by others who guess at their password:
# https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
browser_mark: ContextVar[str] = ContextVar("browser_mark", default="")


class SignInBackend(ModelBackend):
    """Django's, with the budget."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **given: Any
    ) -> CustomUser | None:
        """The person, or None. Raises TooMany after too many failures."""
        email = tidy(username or given.get("email") or "")
        if not email or password is None or len(password) > MAX_LENGTH:
            return None
        budgets = budgets_for(email)
        for limit, of in budgets:
            limits.spend(limit, of=of)
        user = super().authenticate(request, email, password)
        if user is None:
            counters.sign_in_failures.labels("sign-in").inc()
        else:
            give_back(budgets)
        return user

    def get_user(self, user_id: int) -> CustomUser | None:
        """Whose session it is, unless they may not sign in any more."""
        user = CustomUser.objects.current(user_id)
        return user if user and self.user_can_authenticate(user) else None


def prove(user: CustomUser, password: str, *, field: str = "password") -> None:
    """Let someone who is signed in prove once more who they are, before what cannot be undone.

    Raises ValidationError for a wrong password and TooMany after too many.
    """
    budgets = budgets_for(user.email)
    for limit, of in budgets:
        limits.spend(limit, of=of)
    if len(password) > MAX_LENGTH or not user.check_password(password):
        counters.sign_in_failures.labels("confirmation").inc()
        raise ValidationError({field: ["This is not your password."]})
    give_back(budgets)


def budgets_for(email: str) -> list[tuple[str, str]]:
    """The limits that an attempt counts against: a browser's own for a known one, else the
    account's at this address and the address's."""
    if is_known_browser(email):
        return [("sign_in_address", f"browser:{browser_mark.get()}")]
    address = limits.caller_network()
    return [("sign_in", f"{email_key(email)} {address}"), ("sign_in_address", address)]


def give_back(budgets: list[tuple[str, str]]) -> None:
    for limit, of in budgets:
        limits.give_back(limit, of=of)


def tidy(email: str) -> str:
    return str(CustomUser._meta.get_field("email").to_python(email))


def email_key(email: str) -> str:
    """What stands for an e-mail address in the store of limits, which must not know it."""
    return salted_hmac("ublog.email", tidy(email), algorithm="sha1").hexdigest()[:32]


def mark_for(user: CustomUser) -> str:
    """A mark to give to the browser with which the person has just signed in."""
    device = get_random_string(16)
    return f"{device}.{_seal(device, user.email)}"


def is_known_browser(email: str) -> bool:
    """Whether somebody signed in to this account with the caller's browser before."""
    device, _, seal = browser_mark.get().partition(".")
    return constant_time_compare(seal, _seal(device, email))


def _seal(device: str, email: str) -> str:
    return salted_hmac("ublog.browser", f"{device} {email}", algorithm="sha256").hexdigest()
