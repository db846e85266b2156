"""One sign-in for both worlds: docs/adr/0003-one-sign-in-for-both-worlds.md.

Whatever signs somebody in by Django's `login`, be it our pages, the token address or the admin,
begins a sign-in in the domain; the answer then sets its cookies. Django's `logout` ends it.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from ublog.accounts import backends, token_families
from ublog.accounts.models import CustomUser, RefreshFamily

if TYPE_CHECKING:
    from ublog.interfaces.auth.tokens import TokenPlace

ACCESS_ONLY = timedelta(minutes=6)  # an access token's lifetime, and its leeway
BROWSER_AGE = 365 * 24 * 3600  # seconds

Handler = Callable[[HttpRequest], HttpResponseBase]


def log_in_browser(request: Any, user: CustomUser) -> RefreshFamily:
    """Sign in to pages and app, in this browser."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    family: RefreshFamily = request.family  # set by `begin`
    return family


def log_out_browser(request: HttpRequest) -> None:
    """Sign out of pages and app, in this browser."""
    logout(request)


def issue_tokens(request: HttpRequest, user: CustomUser, *, cookies: bool = True) -> RefreshFamily:
    """Sign in by tokens alone, unless our own app asks. Without cookies it ends within the hour."""
    if is_our_app(request):
        return log_in_browser(request, user)
    family = start(request, user, lasting=None if cookies else ACCESS_ONLY)
    if cookies:
        keep(request, family)
    return family


def log_in_again(request: HttpRequest, user: CustomUser) -> RefreshFamily:
    """In the way that the caller was signed in, after all sign-ins were ended."""
    by_token = hasattr(request, "token_user")
    return (issue_tokens if by_token else log_in_browser)(request, user)


def is_our_app(request: HttpRequest) -> bool:
    """No form and no other site can send this header: a browser would ask us first (CORS)."""
    return request.headers.get("X-Ublog") == "1"


def is_current(family: RefreshFamily, request: Any) -> bool:
    """Return whether the caller's token or session came from that sign-in."""
    if hasattr(request.user, "family"):
        return bool(request.user.family == family.name)
    return bool(family.session_key) and family.session_key == request.session.session_key


def keep(request: Any, family: RefreshFamily | None) -> None:
    """Have the answer set the cookies of that sign-in, or clear them."""
    request.family = family


def cookie_position(request: HttpRequest) -> "TokenPlace | None":
    """What the refresh cookie proves; None when there is none, or it cannot be read."""
    # Here, since a worker, which loads the receivers below, does without tokens.
    from ublog.interfaces.auth.tokens import position_of

    return position_of(request.COOKIES.get(settings.REFRESH_COOKIE_NAME, ""))


def end_before(request: HttpRequest, session_key: str | None) -> None:
    """End the sign-in of that session, and that of the refresh cookie if it is another."""
    place = cookie_position(request)
    of_cookie = {"name": place["name"], "user_id": place["user_id"]} if place else {}
    token_families.end(session_key=session_key, **of_cookie)  # type: ignore[arg-type]


@receiver(user_logged_in)
def begin(request: HttpRequest, user: CustomUser, **_: Any) -> None:
    """Begin the sign-in, and end what was signed in here before."""
    old = request.session.session_key
    request.session.cycle_key()
    end_before(request, old)
    keep(request, start(request, user, session_key=request.session.session_key or ""))


def start(request: HttpRequest, user: CustomUser, **options: Any) -> RefreshFamily:
    """A sign-in for that browser or program."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    return token_families.start(user=user, user_agent=agent, **options)


@receiver(user_logged_out)
def finish(request: HttpRequest, **_: Any) -> None:
    """End what was signed in here, and clear its cookies."""
    end_before(request, request.session.session_key)
    keep(request, None)


def cookies(get_response: Handler) -> Handler:
    """Tell the domain which browser calls, and set or clear the cookies of a sign-in."""
    name = settings.BROWSER_COOKIE_NAME

    def middleware(request: HttpRequest) -> HttpResponseBase:
        mark = backends.browser_token.set(request.COOKIES.get(name, ""))
        try:
            response = get_response(request)
            if hasattr(request, "family"):
                set_cookies(response, request.family)
        finally:
            backends.browser_token.reset(mark)
        return response

    return middleware


def set_cookies(response: HttpResponseBase, family: RefreshFamily | None) -> None:
    from ublog.interfaces.auth.tokens import RefreshToken  # as above

    token = str(RefreshToken.of(family)) if family else ""
    age = seconds_until(family.expires_on) if family else 0
    set_cookie(response, settings.REFRESH_COOKIE_NAME, token, age, samesite="Strict")
    set_cookie(response, settings.HINT_COOKIE_NAME, "1" if family else "", age, httponly=False)
    if family and not backends.is_known_browser(family.user.email):
        mark = backends.new_browser_token(family.user)
        set_cookie(response, settings.BROWSER_COOKIE_NAME, mark, BROWSER_AGE, samesite="Strict")


def set_cookie(response: HttpResponseBase, name: str, value: str, age: int, **options: Any) -> None:
    """A cookie is cleared with the attributes that it was set with: else it would stay."""
    options = {"httponly": True, "samesite": "Lax", **options}
    response.set_cookie(name, value, max_age=age, path="/", secure=settings.HTTPS, **options)


def seconds_until(moment: datetime) -> int:
    return max(0, round((moment - timezone.now()).total_seconds()))
