"""Tokens: simplejwt's, signed with any of several keys, and tied to a sign-in."""

from typing import Any

import jwt
from django.conf import settings
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.utils import datetime_to_epoch

from ublog.accounts.models import RefreshFamily

REQUIRED = ["exp", "iat", "jti", "aud", "iss", "user_id", "fam"]


class KeyRing(TokenBackend):
    """Signs with the first of `settings.TOKEN_KEYS`; verifies with the one that a token names."""

    def __init__(self) -> None:
        super().__init__(
            api_settings.ALGORITHM,
            audience=api_settings.AUDIENCE,
            issuer=api_settings.ISSUER,
            leeway=api_settings.LEEWAY,
        )

    def encode(self, payload: dict[str, Any]) -> str:
        key_id, key = next(iter(settings.TOKEN_KEYS.items()))
        content = {**payload, "aud": self.audience, "iss": self.issuer}
        return jwt.encode(content, key, self.algorithm, headers={"kid": key_id})

    def decode(self, token: Any, verify: bool = True) -> dict[str, Any]:
        """The claims. Raises TokenBackendError for anything but a good token."""
        try:
            key = settings.TOKEN_KEYS[jwt.get_unverified_header(token)["kid"]]
            return jwt.decode(
                token,
                key,
                algorithms=[self.algorithm],
                audience=self.audience,
                issuer=self.issuer,
                leeway=self.get_leeway(),
                options={"require": REQUIRED},
            )
        except (jwt.InvalidTokenError, KeyError, TypeError) as problem:
            raise TokenBackendError("Token is invalid") from problem


class AccessToken(tokens.AccessToken):
    """Proves for some minutes, without a query, who somebody is and by which sign-in."""

    _token_backend = KeyRing()

    @classmethod
    def of(cls, family: RefreshFamily) -> "AccessToken":
        token = cls()
        token["user_id"] = str(family.user_id)
        token["fam"] = family.pk
        return token


class RefreshToken(tokens.RefreshToken):
    """Proves a place in a family. The same place gives the same token, to the last character, so
    that the successor of a token can be given twice."""

    _token_backend = KeyRing()

    @classmethod
    def of(cls, family: RefreshFamily) -> "RefreshToken":
        token = cls()
        token.payload |= {
            "exp": datetime_to_epoch(family.expires_on),
            "iat": datetime_to_epoch(family.last_used_on),
            "jti": str(family.position),
            "user_id": str(family.user_id),
            "fam": family.pk,
        }
        return token


def place_of(token: str) -> dict[str, int]:
    """The family and the position that a refresh token proves, as arguments of
    `sessions.refresh`; nothing for what is no good refresh token."""
    try:
        claims = RefreshToken(token).payload  # type: ignore[arg-type]  # its stub is wrong
        return {"family_id": int(claims["fam"]), "position": int(claims["jti"])}
    except (TokenError, ValueError):
        return {}
