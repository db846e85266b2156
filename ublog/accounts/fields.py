"""Fields of accounts."""

from typing import Any

from django.db import models

from ublog.accounts import email_addresses


class EmailAddressField(models.EmailField):  # type: ignore[type-arg]
    """An e-mail address in its normal form, so that unique means one account of a mailbox."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return email_addresses.normal_form(text) if isinstance(text, str) else text

    def get_prep_value(self, value: Any) -> Any:
        # Rows from before the normal form are saved and found as they are: CharField would clean
        # here, too.
        text = models.Field.get_prep_value(self, value)
        return text.strip().lower() if isinstance(text, str) else text
