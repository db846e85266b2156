"""Validation of passwords: settings.py lists the validators, Django's and the one below."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from ublog.accounts.models import MAX_PASSWORD, CustomUser


class MaximumLengthValidator:
    """Reject what is too long to be worth hashing."""

    def validate(self, password: str, user: CustomUser | None = None) -> None:
        if len(password) > MAX_PASSWORD:
            raise ValidationError(
                f"This password is too long. It must contain at most {MAX_PASSWORD} characters.",
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        return f"Your password must contain at most {MAX_PASSWORD} characters."


def check(password: str, user: CustomUser, *, field: str = "password") -> None:
    """Raise ValidationError, for that field, unless the validators accept the password."""
    try:
        # First, alone: the other validators would read and compare all of it.
        MaximumLengthValidator().validate(password)
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from None
