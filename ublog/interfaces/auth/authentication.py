"""Authenticate by bearer token.

An access token of our own app costs no database query. A token of a program is known by its prefix,
and costs the one that looks it up.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from ublog.accounts import personal_tokens
from ublog.accounts.oauth import actions as oauth
from ublog.accounts.oauth import secrets
from ublog.accounts.scopes import ProgramViewer
from ublog.interfaces.auth.tokens import UNREADABLE, AccessToken, family_of, issued_on

INVALID = "The access token is not valid, or has expired."

# The kinds of tokens of programs by their prefixes, the longest first.
PROGRAM_TOKENS: dict[str, Callable[[str], ProgramViewer | None]] = {
    **({secrets.ACCESS: oauth.authenticate} if settings.OAUTH else {}),
    personal_tokens.PREFIX: personal_tokens.authenticate,
}


class TokenUser:
    """The user of an access token: the id, the token family, and when the token was issued.

    The id of simplejwt's own TokenUser is a string, and `"1" == post.created_by_id` is false.
    """

    is_authenticated = True
    is_anonymous = False
    is_active = True

    def __init__(self, token: AccessToken) -> None:
        self.pk = self.id = int(token["user_id"])
        self.family = family_of(token)
        self.issued_on = issued_on(token)

    def __str__(self) -> str:
        return f"user {self.pk}"


class BearerAuthentication(JWTStatelessUserAuthentication):
    """Authenticate by `Authorization: Bearer TOKEN`.

    Raise AuthenticationFailed for any other content of the header: a request with an invalid
    token must never pass as anonymous.
    """

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        authenticated = self.authenticate_program(request) or super().authenticate(request)
        if authenticated is not None:
            # For the request log and `login.log_in_again`, which see Django's request.
            getattr(request, "_request", request).token_user = authenticated[0]
        return authenticated

    def authenticate_program(self, request: Any) -> tuple[ProgramViewer, None] | None:
        """Return the viewer of a token of a program, None for another or none."""
        header = self.get_header(request)
        secret = self.get_raw_token(header).decode("latin-1") if header else ""
        for prefix, authenticate in PROGRAM_TOKENS.items():
            if secret.startswith(prefix):
                if viewer := authenticate(secret):
                    return viewer, None
                raise AuthenticationFailed(INVALID)
        return None

    def get_raw_token(self, header: bytes) -> bytes:
        match header.split():
            case [scheme, token] if scheme.lower() == b"bearer":
                return bytes(token)
        raise AuthenticationFailed("Send `Authorization: Bearer TOKEN`.")

    def get_validated_token(self, raw_token: bytes) -> AccessToken:
        try:
            return AccessToken(raw_token)  # type: ignore[arg-type]  # its stub is wrong
        except TokenError:
            raise AuthenticationFailed(INVALID) from None

    def get_user(self, validated_token: Any) -> Any:
        try:
            return TokenUser(validated_token)
        except UNREADABLE:
            raise AuthenticationFailed("The token names no user.") from None
