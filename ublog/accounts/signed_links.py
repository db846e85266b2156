"""The tokens of links in mails: signed, with an expiry, for one use. Nothing is stored.

A token contains a hash of the state of its account. Using it changes that state, and so does what
makes it obsolete, such as a login: the token is invalid from then on.

The link that unsubscribes is different: it has no expiry, and works again.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner, b62_decode, b62_encode
from django.utils.crypto import constant_time_compare, salted_hmac

from ublog.accounts.models import CustomUser


def invalid_link() -> ValidationError:
    """Return the one error of tokens that are used, expired or forged, to be raised."""
    message = "This link was used already, is too old, or is not complete."
    return ValidationError({"token": [message]})


def _signer(path: str) -> TimestampSigner:
    return TimestampSigner(salt=f"ublog.{path}", sep=".")


class SignUpLink:
    """The link that proves an e-mail address before there is an account.

    Its token contains the address, and the key of the invitation if there was one. Each link of an
    address is valid until one of them is used, and none while there is an account, even a
    deactivated one.
    """

    path = "activate"
    lifetime = timedelta(hours=48)

    def token(self, email: str, invitation: str = "") -> str:
        """Return a token for this e-mail address and, if any, the key of the invitation."""
        content = {"email": email, "invitation": invitation} if invitation else {"email": email}
        return _signer(self.path).sign_object(content)

    def redeem(self, token: str) -> tuple[str, str]:
        """Return the e-mail address and the key of the invitation, "" without one.

        Raise ValidationError for a used, expired or forged token.

        An account that an earlier release stored at sign-up and that was never activated does not
        count.
        """
        try:
            content = _signer(self.path).unsign_object(token, max_age=self.lifetime)
            email = content["email"]
        except (BadSignature, ValueError):
            raise invalid_link() from None
        # Tokens of an earlier release contain an account in place of an address.
        owner = CustomUser.objects.with_email(email) if email else None
        if not email or (owner and not owner.is_never_activated):
            raise invalid_link()
        return str(email), str(content.get("invitation", ""))


@dataclass(frozen=True)
class Link:
    """A kind of link; `covers` returns what its tokens depend on beside the common state."""

    path: str
    lifetime: timedelta
    covers: Callable[[CustomUser], list[Any]]

    def token(self, user: CustomUser, email: str = "") -> str:
        """Return a token for the user and, to change it, the new e-mail address."""
        content = {"user": user.pk, "state": self._state(user), "email": email}
        return _signer(self.path).sign_object(content)

    def redeem(self, token: str, *, lock: bool = False) -> tuple[CustomUser, str]:
        """Return the user and the e-mail address of the token.

        `lock` locks the account until the transaction ends. Raise ValidationError for a used,
        expired or forged token.
        """
        try:
            content = _signer(self.path).unsign_object(token, max_age=self.lifetime)
            users = CustomUser.objects.select_for_update() if lock else CustomUser.objects.all()
            user = users.get(pk=content["user"])
            if not constant_time_compare(content["state"], self._state(user)):
                raise BadSignature
        except (BadSignature, CustomUser.DoesNotExist, ValueError):
            raise invalid_link() from None
        return user, content["email"]

    def _state(self, user: CustomUser) -> str:
        state = repr([user.email, user.password, user.is_active, *self.covers(user)])
        return salted_hmac("ublog.state", state, algorithm="sha256").hexdigest()[:32]


class UnsubscribeLink:
    """The link that ends mails of notifications, of a user with this e-mail address.

    Its path has at most 32 characters, as some mail clients require: 13 are the signature, of 78
    bits, and up to 11 the user's id.
    """

    path = "unsub"
    _pattern = re.compile(r"[\w-]{13}([0-9A-Za-z]{1,11})", re.ASCII)

    def token(self, user: CustomUser) -> str:
        """Return the token of the user."""
        return self._signature(user) + b62_encode(user.pk)

    def redeem(self, token: str) -> CustomUser:
        """Return the user. Raise ValidationError for a forged token, or one of an old address."""
        parts = self._pattern.fullmatch(token)
        user = CustomUser.objects.filter(pk=b62_decode(parts[1])).first() if parts else None
        if user is None or not constant_time_compare(token, self.token(user)):
            raise ValidationError({"token": ["This link is not complete, or of an old address."]})
        return user

    def _signature(self, user: CustomUser) -> str:
        covered = f"{user.pk} {user.email}"
        digest = salted_hmac("ublog.unsubscribe", covered, algorithm="sha256").digest()
        return base64.urlsafe_b64encode(digest)[:13].decode()


ACTIVATE = SignUpLink()
RESET = Link("password-reset", timedelta(hours=1), lambda user: [user.last_login])
NEW_EMAIL = Link("email-change", timedelta(hours=48), lambda user: [])
UNSUBSCRIBE = UnsubscribeLink()
