"""Check the scope of a program's token: the one place for all REST views."""

from typing import Any

from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from ublog.accounts import scopes
from ublog.accounts.scopes import MissingScope


class TokenHasScope(BasePermission):
    """Require the scope `read` of safe methods and `write` of others, or the view's own `scope`.

    A user who has logged in, and an anonymous one, need no scope.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        """Return True. Raise DRF's PermissionDenied for a token without the scope."""
        usual = scopes.READ if request.method in SAFE_METHODS else scopes.WRITE
        try:
            scopes.check(request.user, getattr(view, "scope", usual))
        except MissingScope as error:
            raise insufficient_scope(error) from None
        return True


def insufficient_scope(error: MissingScope) -> PermissionDenied:
    """Return the error as DRF's, with the header that names the scope: RFC 6750, section 3.1."""
    denied: Any = PermissionDenied(str(error))
    denied.auth_header = challenge(error)
    return denied  # type: ignore[no-any-return]


def challenge(error: MissingScope) -> str:
    """Return the value of the header WWW-Authenticate."""
    return f'Bearer realm="api", error="insufficient_scope", scope="{error.scope}"'
