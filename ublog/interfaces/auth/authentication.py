"""Authenticate by access token, without a database query."""

from typing import Any

from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from ublog.interfaces.auth.tokens import UNREADABLE, AccessToken, family_of, issued_on


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

    Raises AuthenticationFailed for any other content of the header: a request with an invalid
    token must never pass as anonymous.
    """

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        authenticated = super().authenticate(request)
        if authenticated is not None:
            # For the request log and `login.log_in_again`, which see Django's request.
            getattr(request, "_request", request).token_user = authenticated[0]
        return authenticated

    def get_raw_token(self, header: bytes) -> bytes:
        match header.split():
            case [scheme, token] if scheme.lower() == b"bearer":
                return bytes(token)
        raise AuthenticationFailed("Send `Authorization: Bearer TOKEN`.")

    def get_validated_token(self, raw_token: bytes) -> AccessToken:
        try:
            return AccessToken(raw_token)  # type: ignore[arg-type]  # its stub is wrong
        except TokenError:
            raise AuthenticationFailed("The access token is not valid, or has expired.") from None

    def get_user(self, validated_token: Any) -> Any:
        try:
            return TokenUser(validated_token)
        except UNREADABLE:
            raise AuthenticationFailed("The token names no user.") from None
