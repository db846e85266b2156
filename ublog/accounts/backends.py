"""Authentication by password, with one budget of failures for all interfaces and the admin.

Each attempt is counted as a failure before the password is hashed, so guessing in parallel gains
nothing, and is given back when the password was right. Successes have budgets of their own, checked
before the password is hashed and spent after it: if they were spent before, wrong guesses at the
same time could lock the owner out.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import ValidationError
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from ublog.accounts.models import FOREVER, MAX_PASSWORD, Application, CustomUser
from ublog.core import limits
from ublog.core.observability import counters

# The error of a login that failed, the same for every reason.
LOGIN_FAILED = (
    "No active account has this e-mail address and password. If you have signed up and not "
    "activated your account yet, sign up again: we send the activation link again."
)

# The error of a login with the right password.
NOT_APPROVED = "Your account waits for a moderator of this site, who has to approve it."

# The cookie of a browser that logged in before, set for each request by `interfaces.auth.login`.
# Guesses of others do not lock its user out:
# https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
browser_token: ContextVar[str] = ContextVar("browser_token", default="")


class EmailBackend(ModelBackend):
    """Django's ModelBackend with budgets: `authenticate` counts the attempt."""

    waits = False  # for a moderator: Django makes an instance for each attempt

    def authenticate(
        self, request: Any, username: str | None = None, password: str | None = None, **options: Any
    ) -> CustomUser | None:
        """Return the user of this e-mail address and password, or None.

        Raise RateLimited after too many failures or successes, and Unavailable when too many
        passwords are checked at the same time. Raise ValidationError where the password is right
        and the user is suspended, or waits for a moderator.
        """
        email = username or options.get("email") or ""
        if not email or password is None or len(password) > MAX_PASSWORD:
            return None
        try:
            normalize_email(email)
        except ValidationError:  # no e-mail address, so no account has it
            return None
        with count_attempt(email) as results:
            user = super().authenticate(request, email, password)
            results.append(user is not None or self.waits)
        if self.waits:
            raise ValidationError(NOT_APPROVED, code="not_approved")
        if user is None:
            counters.login_failures.labels("login").inc()
        elif user.is_suspended:
            raise ValidationError(suspension_message(user))
        return user

    def user_can_authenticate(self, user: Any) -> bool:
        """Return whether the user is active, whose password was right or who has a session."""
        may = super().user_can_authenticate(user)
        self.waits = not may and Application.objects.filter(user=user).exists()
        return may

    def get_user(self, user_id: int) -> CustomUser | None:
        """Return the user of a session, or None when the user is gone or may not log in."""
        user = CustomUser.objects.get_for_session(user_id)
        may = user and self.user_can_authenticate(user) and not user.is_suspended
        return user if may else None


def suspension_message(user: CustomUser) -> str:
    """Return what a suspended user learns at the log-in."""
    end = user.suspended_until
    if end is None or end == FOREVER:
        return "A moderator has suspended this account."
    return f"A moderator has suspended this account until {end:%d %B %Y, %H:%M} UTC."


def confirm_password(user: CustomUser, password: str, *, field: str = "password") -> None:
    """Check the password of a logged-in user once more, before what cannot be undone.

    Raise ValidationError, for `field`, when it is wrong, and RateLimited after too many attempts.
    """
    with count_attempt(user.email) as results:
        results.append(user.check_password(password))
    if not all(results):
        counters.login_failures.labels("confirmation").inc()
        raise ValidationError({field: ["This is not your password."]})


@contextmanager
def count_attempt(email: str) -> Iterator[list[bool]]:
    """Count an attempt for this e-mail address; the block appends whether the password was right.

    A failure stays spent, a success is counted as one, and a block that appends nothing costs
    nothing. Raise RateLimited.
    """
    successes = [("login", email_key(email)), ("login_network", limits.caller_network())]
    for limit, of in successes:
        limits.check(limit, of=of)
    failures, results = failure_budgets(email), list[bool]()
    for limit, of in failures:
        limits.spend(limit, of=of)
    try:
        yield results
    finally:
        if results != [False]:
            for limit, of in failures:
                limits.give_back(limit, of=of)
    if results == [True]:
        for limit, of in successes:
            limits.spend(limit, of=of)


def failure_budgets(email: str) -> list[tuple[str, str]]:
    """Return the limits, each with its budget, that a failure counts against.

    A browser that logged in to the account before has its own budget. Any other one shares that of
    its network, and that of the account from this network.
    """
    if is_known_browser(email):
        return [("sign_in_address", f"browser:{browser_token.get()}")]
    network = limits.caller_network()
    return [("sign_in", f"{email_key(email)} {network}"), ("sign_in_address", network)]


def normalize_email(email: str) -> str:
    """Return the normal form of an e-mail address. Raise ValidationError for an invalid one."""
    return str(CustomUser._meta.get_field("email").to_python(email))


def email_key(email: str) -> str:
    """Return the key of an e-mail address in the store of limits: a hash, not the address."""
    return salted_hmac("ublog.email", normalize_email(email), algorithm="sha1").hexdigest()[:32]


def new_browser_token(user: CustomUser) -> str:
    """Return a signed cookie for the browser with which the user has just logged in."""
    device = get_random_string(16)
    return f"{device}.{_browser_signature(device, user.email)}"


def is_known_browser(email: str) -> bool:
    """Return whether the browser of this request logged in to this account before."""
    device, _, signature = browser_token.get().partition(".")
    return constant_time_compare(signature, _browser_signature(device, email))


def _browser_signature(device: str, email: str) -> str:
    content = f"{device} {normalize_email(email)}"
    return salted_hmac("ublog.browser", content, algorithm="sha256").hexdigest()
