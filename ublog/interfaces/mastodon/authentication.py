"""Who calls, and whether their token has the scope that a view needs."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

from ublog.accounts import scopes
from ublog.accounts.oauth import actions as oauth
from ublog.core.viewers import Viewer
from ublog.interfaces.auth.authentication import BearerAuthentication

View = TypeVar("View", bound=Callable[..., Any])
bearer = BearerAuthentication()


def viewer_of(request: HttpRequest) -> Viewer:
    """Return the user of the bearer token, or an anonymous one without a token.

    The token that an application has for itself is of nobody. Raise DRF's AuthenticationFailed for
    one that is not valid. No cookie is read.
    """
    try:
        authenticated = bearer.authenticate(request)
    except AuthenticationFailed:
        if not (settings.OAUTH and oauth.has_own_token(token_of(request))):
            raise
        authenticated = None
    return authenticated[0] if authenticated else AnonymousUser()


def token_of(request: HttpRequest) -> str:
    """Return the bearer token of a request, "" without one."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def needs(scope: str) -> Callable[[View], View]:
    """Return the decorator of a view that a token must have this scope for, or its parent."""

    def decorate(view: View) -> View:
        view.scope = scope  # type: ignore[attr-defined]
        return view

    return decorate


def check_scope(viewer: Viewer, view: Callable[..., Any]) -> None:
    """Raise MissingScope for a token without the scope of the view. Others need none."""
    if scope := getattr(view, "scope", ""):
        scopes.check(viewer, scope)
