"""Who calls: the owner of an access token, found out without asking the database."""

from typing import Any

from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.authentication import JWTStatelessUserAuthentication
from rest_framework_simplejwt.exceptions import TokenError

from ublog.interfaces.auth.tokens import UNREADABLE, AccessToken, family_of, issued_on


class TokenUser:
    """The owner of an access token, known by id alone, the name of the family that it came from,
    and when it was issued.

    simplejwt's own has a string for an id, and `"1" == post.created_by_id` is false.
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
    """`Authorization: Bearer TOKEN`. Whoever sends anything else there is refused, not let in as
    a stranger: a bad token must never look like success."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        known = super().authenticate(request)
        if known is not None:
            # For the request log, which sees Django's request.
            getattr(request, "_request", request).token_user = known[0]
        return known

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
