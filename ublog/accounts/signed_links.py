"""The tokens in mails: signed, short-lived, and good once.

A token is tied to the state of the account that it was made for, so that using it, or anything
else that changes that state, makes it worthless. Nothing is stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, TimestampSigner
from django.utils.crypto import constant_time_compare, salted_hmac

from ublog.accounts.models import CustomUser


def bad_link() -> ValidationError:
    message = "This link was used already, is too old, or is not complete."
    return ValidationError({"token": [message]})


class SignUpLink:
    """The token that proves an e-mail address, before there is an account of it.

    It names the address and nothing else: every link of an address works until one of them was
    used, and none does while there is an account, be it deactivated.
    """

    path = "activate"
    lifetime = timedelta(hours=48)

    def token(self, email: str) -> str:
        return self._signer.sign_object({"email": email})

    def redeem(self, token: str) -> str:
        """Return the address. Raise ValidationError for a token that is used, expired or forged.

        An account that was stored at sign-up, by an earlier release, and never activated is none.
        """
        try:
            email = self._signer.unsign_object(token, max_age=self.lifetime)["email"]
        except (BadSignature, ValueError):
            raise bad_link() from None
        # The tokens of an earlier release name an account, and no address.
        owner = CustomUser.objects.with_email(email) if email else None
        if not email or (owner and not owner.is_never_activated):
            raise bad_link()
        return str(email)

    @property
    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt=f"ublog.{self.path}", sep=".")


@dataclass(frozen=True)
class Link:
    """A kind of token; `covers` tells the state that it is tied to."""

    path: str
    lifetime: timedelta
    covers: Callable[[CustomUser], list[Any]]

    def token(self, user: CustomUser, email: str = "") -> str:
        """A token for the person, and for the address that they want to have."""
        content = {"user": user.pk, "state": self._state(user), "email": email}
        return self._signer.sign_object(content)

    def redeem(self, token: str, *, lock: bool = False) -> tuple[CustomUser, str]:
        """The person that the token was made for, and the address.

        `lock` keeps the account from changing until the transaction ends. Raises ValidationError
        for a token that is used, expired or forged.
        """
        try:
            content = self._signer.unsign_object(token, max_age=self.lifetime)
            people = CustomUser.objects.select_for_update() if lock else CustomUser.objects.all()
            user = people.get(pk=content["user"])
            if not constant_time_compare(content["state"], self._state(user)):
                raise BadSignature
        except (BadSignature, CustomUser.DoesNotExist, ValueError):
            raise bad_link() from None
        return user, content["email"]

    @property
    def _signer(self) -> TimestampSigner:
        return TimestampSigner(salt=f"ublog.{self.path}", sep=".")

    def _state(self, user: CustomUser) -> str:
        state = repr([user.email, user.password, user.is_active, *self.covers(user)])
        return salted_hmac("ublog.state", state, algorithm="sha256").hexdigest()[:32]


ACTIVATE = SignUpLink()
RESET = Link("password-reset", timedelta(hours=1), lambda user: [user.last_login])
NEW_EMAIL = Link("email-change", timedelta(hours=48), lambda user: [])
