"""Proving who one is by password, with a budget of failures: one for all doors and the admin.

A use is counted before the password is hashed, so guessing in parallel gains nothing, and given
back when the password was right. Successes have budgets of their own, which are looked at before
the password is hashed and spent after it: counted in advance, guesses under way could lock the
owner out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from ublog.accounts.models import MAX_PASSWORD, CustomUser
from ublog.core import limits
from ublog.core.observability import counters

# What every interface says of a log-in that failed, whatever the reason.
FAILED = (
    "No active account has this e-mail address and password. If you have signed up and not "
    "activated your account yet, sign up again: we send the activation link again."
)

# The mark of the caller's browser, set for each request as `caller_address` is. Whoever
# signed in with a browser before is not locked out by others who guess at their password:
# https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
browser_token: ContextVar[str] = ContextVar("browser_token", default="")


class EmailBackend(ModelBackend):
    """Django's, with the budget."""

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **given: Any
    ) -> CustomUser | None:
        """The person, or None. Raises RateLimited after too many failures or successes, and
        Unavailable when too many passwords are checked already."""
        email = username or given.get("email") or ""
        if not email or password is None or len(password) > MAX_PASSWORD:
            return None
        try:
            normalize_email(email)
        except ValidationError:  # no address, so nobody's
            return None
        with attempt(email) as right:
            user = super().authenticate(request, email, password)
            right.append(user is not None)
        if user is None:
            counters.login_failures.labels("login").inc()
        return user

    def get_user(self, user_id: int) -> CustomUser | None:
        """Whose session it is, unless they may not sign in any more."""
        user = CustomUser.objects.get_for_session(user_id)
        return user if user and self.user_can_authenticate(user) else None


def prove(user: CustomUser, password: str, *, field: str = "password") -> None:
    """Let someone who is signed in prove once more who they are, before what cannot be undone.

    Raises ValidationError for a wrong password and RateLimited after too many, wrong or right.
    """
    with attempt(user.email) as right:
        right.append(user.check_password(password))
    if not all(right):
        counters.login_failures.labels("confirmation").inc()
        raise ValidationError({field: ["This is not your password."]})


@contextmanager
def attempt(email: str) -> Iterator[list[bool]]:
    """Count one attempt; the block appends whether the password was right.

    A failure stays spent, a success is counted as one, and an attempt that could not be judged
    costs nothing. Raises RateLimited.
    """
    successes = [("login", email_key(email)), ("login_network", limits.caller_network())]
    for limit, of in successes:
        limits.check(limit, of=of)
    failures, right = budgets_for(email), list[bool]()
    for limit, of in failures:
        limits.spend(limit, of=of)
    try:
        yield right
    finally:
        if right != [False]:
            give_back(failures)
    if right == [True]:
        for limit, of in successes:
            limits.spend(limit, of=of)


def budgets_for(email: str) -> list[tuple[str, str]]:
    """The limits that an attempt counts against: a browser's own for a known one, else the
    account's at this address and the address's."""
    if is_known_browser(email):
        return [("sign_in_address", f"browser:{browser_token.get()}")]
    address = limits.caller_network()
    return [("sign_in", f"{email_key(email)} {address}"), ("sign_in_address", address)]


def give_back(budgets: list[tuple[str, str]]) -> None:
    for limit, of in budgets:
        limits.give_back(limit, of=of)


def normalize_email(email: str) -> str:
    """Return the normal form of an address. Raise ValidationError for what can be none."""
    return str(CustomUser._meta.get_field("email").to_python(email))


def email_key(email: str) -> str:
    """What stands for an e-mail address in the store of limits, which must not know it."""
    return salted_hmac("ublog.email", normalize_email(email)).hexdigest()[:32]


def mark_for(user: CustomUser) -> str:
    """A mark to give to the browser with which the person has just signed in."""
    device = get_random_string(16)
    return f"{device}.{_seal(device, user.email)}"


def is_known_browser(email: str) -> bool:
    """Whether somebody signed in to this account with the caller's browser before."""
    device, _, seal = browser_token.get().partition(".")
    return constant_time_compare(seal, _seal(device, email))


def _seal(device: str, email: str) -> str:
    content = f"{device} {normalize_email(email)}"
    return salted_hmac("ublog.browser", content, algorithm="sha256").hexdigest()
