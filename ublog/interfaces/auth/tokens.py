"""Tokens: simplejwt's, signed with one of several keys, and tied to a token family."""

from datetime import UTC, datetime
from typing import Any, TypedDict
from uuid import UUID

import jwt
from django.conf import settings
from jwt.types import Options
from rest_framework_simplejwt import tokens
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.settings import api_settings
from rest_framework_simplejwt.utils import datetime_to_epoch

from ublog.accounts.models import TokenFamily

REQUIRED = ["exp", "iat", "jti", "aud", "iss", "user_id", "fam"]


class KeyRing(TokenBackend):
    """Sign with the first of `settings.TOKEN_KEYS`; verify with the one that a token names.

    `verify_iat`: whether to reject a token from the future, beyond the usual leeway.
    """

    def __init__(self, *, verify_iat: bool = True) -> None:
        self.options: Options = {"require": REQUIRED, "verify_iat": verify_iat}
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
        """Return the claims. Raise TokenBackendError for anything but a valid token."""
        try:
            key = settings.TOKEN_KEYS[jwt.get_unverified_header(token)["kid"]]
            return jwt.decode(
                token,
                key,
                algorithms=[self.algorithm],
                audience=self.audience,
                issuer=self.issuer,
                leeway=self.get_leeway(),
                options=self.options,
            )
        except (jwt.InvalidTokenError, KeyError, TypeError) as error:
            raise TokenBackendError("Token is invalid") from error


class AccessToken(tokens.AccessToken):
    """Prove user and token family, for some minutes and without a query."""

    _token_backend = KeyRing()

    @classmethod
    def of(cls, family: TokenFamily) -> "AccessToken":
        token = cls()
        token["user_id"] = str(family.user_id)
        token["fam"] = str(family.name)
        return token


class RefreshToken(tokens.RefreshToken):
    """Prove a position in a token family. The same position gives the same token, to the last
    character, so that the successor of a token can be sent twice.

    `token_families.refresh` checks when it was issued, and not the decoder: another machine's
    clock may be ahead of this one's, and an invalid refresh token would end the session.
    """

    _token_backend = KeyRing(verify_iat=False)

    @classmethod
    def of(cls, family: TokenFamily) -> "RefreshToken":
        token = cls()
        token.payload |= {
            "exp": datetime_to_epoch(family.expires_on),
            "iat": datetime_to_epoch(family.last_used_on),
            "jti": str(family.position),
            "user_id": str(family.user_id),
            "fam": str(family.name),
        }
        return token


class TokenPosition(TypedDict):
    """What a refresh token proves, as the arguments of `token_families.refresh`."""

    name: UUID
    user_id: int
    position: int
    issued_on: datetime


def position_of(token: str) -> TokenPosition | None:
    """Return what a refresh token proves; None for anything but a valid one."""
    try:
        claims = RefreshToken(token).payload  # type: ignore[arg-type]  # its stub is wrong
        return {
            "name": family_of(claims),
            "user_id": int(claims["user_id"]),
            "position": int(claims["jti"]),
            "issued_on": issued_on(claims),
        }
    except (TokenError, *UNREADABLE):
        return None


# What the next two raise for an invalid claim.
UNREADABLE = (KeyError, TypeError, ValueError, OverflowError, OSError)


def family_of(claims: Any) -> UUID:
    """Return the name of the token family. Raise one of UNREADABLE."""
    if not isinstance(claims["fam"], str):  # a number: a token of the previous release
        raise TypeError("The name of a family is a string.")
    return UUID(claims["fam"])


def issued_on(claims: Any) -> datetime:
    """Return when a token was issued, to the second. Raise one of UNREADABLE."""
    return datetime.fromtimestamp(int(claims["iat"]), UTC)
