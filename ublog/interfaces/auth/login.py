"""Log in to pages and app in one step: docs/adr/0003-one-sign-in-for-both-worlds.md.

Pages, API and admin all call Django's `login` and `logout`. Their signals start and end a token
family here, and `login_cookies` sets its cookies on the response, which does not exist yet when
that happens. This module is loaded as a middleware: a worker does without it and its tokens.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from ublog.accounts import backends, token_families
from ublog.accounts.models import CustomUser, TokenFamily
from ublog.interfaces.auth.tokens import RefreshToken, TokenPosition, position_of

ACCESS_ONLY = timedelta(minutes=6)  # the lifetime of an access token, and its leeway
BROWSER_AGE = 365 * 24 * 3600  # seconds

Handler = Callable[[HttpRequest], HttpResponseBase]


def log_in_browser(request: Any, user: CustomUser) -> TokenFamily:
    """Log in to pages and app, in this browser. Return the token family of the session."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    family: TokenFamily = request.token_family  # set by `start_session`
    return family


def log_out_browser(request: HttpRequest) -> None:
    """Log out of pages and app, in this browser."""
    logout(request)


def issue_tokens(request: HttpRequest, user: CustomUser, *, cookies: bool = True) -> TokenFamily:
    """Log in by tokens, and our own app to the pages, too. Return the token family.

    Without cookies the family ends with its first access token.
    """
    if is_our_app(request):
        return log_in_browser(request, user)
    family = start_family(request, user, lasting=None if cookies else ACCESS_ONLY)
    if cookies:
        send_cookies(request, family)
    return family


def log_in_again(request: HttpRequest, user: CustomUser) -> TokenFamily:
    """Log in as before, by tokens or in this browser, after all sessions have been ended."""
    by_token = hasattr(request, "token_user")
    return (issue_tokens if by_token else log_in_browser)(request, user)


def is_our_app(request: HttpRequest) -> bool:
    """Return whether our app sent the request.

    No form and no other site can send this header: a browser would ask us first (CORS).
    """
    return request.headers.get("X-Ublog") == "1"


def is_current(family: TokenFamily, request: Any) -> bool:
    """Return whether the token or session of the request belongs to the family."""
    if hasattr(request.user, "family"):
        return bool(request.user.family == family.name)
    return bool(family.session_key) and family.session_key == request.session.session_key


def refresh_token_position(request: HttpRequest) -> TokenPosition | None:
    """Return what the refresh cookie proves; None without one, or if it cannot be read."""
    return position_of(request.COOKIES.get(settings.REFRESH_COOKIE_NAME, ""))


# -- Django's signals ---------------------------------------------------------------------------


@receiver(user_logged_in)
def start_session(request: HttpRequest, user: CustomUser, **_: Any) -> None:
    """Start a token family for the session, and end what this browser was logged in to."""
    old = request.session.session_key
    request.session.cycle_key()
    end_sessions(request, old)
    key = request.session.session_key or ""
    send_cookies(request, start_family(request, user, session_key=key))


@receiver(user_logged_out)
def end_session(request: HttpRequest, **_: Any) -> None:
    """End what this browser was logged in to, and clear its cookies."""
    end_sessions(request, request.session.session_key)
    clear_cookies(request)


def start_family(request: HttpRequest, user: CustomUser, **options: Any) -> TokenFamily:
    """Start a token family for the browser or program that sent the request."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    return token_families.start(user=user, user_agent=agent, **options)


def end_sessions(request: HttpRequest, session_key: str | None) -> None:
    """End the token family of that session, and that of the refresh cookie if it is another."""
    if position := refresh_token_position(request):
        user_id = position["user_id"]
        token_families.end(session_key=session_key, name=position["name"], user_id=user_id)
    else:
        token_families.end(session_key=session_key)


def name_reader(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Say for whom the API has responded: the app asks by the cookie before it has a token.

    Where neither a session nor a token was read, as by Mastodon's API, none is read for this.
    """
    by_cookie = settings.SESSION_COOKIE_NAME in request.COOKIES
    known = request.session.accessed or hasattr(request, "auth")  # DRF sets the latter
    if by_cookie and known and request.path.startswith("/api/") and response.status_code == 200:
        response["X-Ublog-User"] = str(request.user.pk or "")
    return response


# -- Cookies ------------------------------------------------------------------------------------


def send_cookies(request: Any, family: TokenFamily) -> None:
    """Have the response set the cookies of that token family."""
    request.token_family = family


def clear_cookies(request: Any) -> None:
    """Have the response clear the cookies of a token family."""
    request.token_family = None


def login_cookies(get_response: Handler) -> Handler:
    """Create the middleware that reads the cookie of a known browser, and sets or clears the
    cookies of a token family."""
    name = settings.BROWSER_COOKIE_NAME

    def middleware(request: HttpRequest) -> HttpResponseBase:
        reset_token = backends.browser_token.set(request.COOKIES.get(name, ""))
        try:
            response = get_response(request)
            if hasattr(request, "token_family"):
                set_cookies(response, request.token_family)
        finally:
            backends.browser_token.reset(reset_token)
        return name_reader(request, response)

    return middleware


def set_cookies(response: HttpResponseBase, family: TokenFamily | None) -> None:
    """Set the refresh cookie, and the hint that there is one, whose value is the id of the user;
    clear both for None."""
    token = str(RefreshToken.of(family)) if family else ""
    age = seconds_until(family.expires_on) if family else 0
    set_cookie(response, settings.REFRESH_COOKIE_NAME, token, age, samesite="Strict")
    user_id = str(family.user_id) if family else ""
    set_cookie(response, settings.HINT_COOKIE_NAME, user_id, age, httponly=False)
    if family and not backends.is_known_browser(family.user.email):
        mark = backends.new_browser_token(family.user)
        set_cookie(response, settings.BROWSER_COOKIE_NAME, mark, BROWSER_AGE, samesite="Strict")


def set_cookie(response: HttpResponseBase, name: str, value: str, age: int, **options: Any) -> None:
    """Set the cookie, or clear it, with the same attributes: with others it would stay."""
    options = {"httponly": True, "samesite": "Lax", **options}
    response.set_cookie(name, value, max_age=age, path="/", secure=settings.HTTPS, **options)


def seconds_until(moment: datetime) -> int:
    return max(0, round((moment - timezone.now()).total_seconds()))
