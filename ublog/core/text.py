"""Which text is acceptable, and how text is compared: once, for all fields and interfaces."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms import CharField as CharFormField

# Control characters except tab and line feed, and lone surrogates: no database stores all of them.
UNACCEPTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# A text may have more characters before it is cleaned: line ends of two, and white space around it.
# One of more than this many times the limit is too long however it is cleaned.
RAW_FACTOR = 4


def check_raw_length(value: Any, limit: int | None) -> None:
    """Raise ValidationError for a text of over RAW_FACTOR times `limit` code points.

    Cleaning, normalizing, hashing or comparing a text takes time in proportion to its length, or
    worse, so the length is checked before (requirement C11).
    """
    if isinstance(value, str) and limit is not None and len(value) > RAW_FACTOR * limit:
        MaxLengthValidator(limit)(value)


def clean_text(value: Any, limit: int | None = None) -> str:
    """Return the text stripped, and with LF for all line ends; "" when nothing in it is visible.

    Browsers send line ends as CR LF, and JSON has LF: the same text must be stored the same. Raise
    ValidationError for a value that is not a string, for control characters, and for a text much
    longer than `limit`, the maximum of code points in the cleaned text.
    """
    check_raw_length(value, limit)
    if not isinstance(value, str):
        raise ValidationError("Not a text.", code="invalid")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if UNACCEPTABLE.search(text):
        raise ValidationError("Control characters are not allowed.", code="control_characters")
    return text.strip() if any(map(is_visible, text)) else ""


# Tab, line ends, and characters that reorder the text around them: UAX #9, sections 2.1 to 2.5.
BREAKS = re.compile(r"[\t\n\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def validate_one_line(text: str) -> None:
    """Raise ValidationError for line ends, tabs and bidi overrides, embeddings and isolates."""
    if BREAKS.search(text):
        message = "Write it on one line, without tabs and characters that turn the direction."
        raise ValidationError(message, code="one_line")


def is_visible(character: str) -> bool:
    """Return whether a character is visible: not of Unicode's categories Z and C."""
    return unicodedata.category(character)[0] not in "ZC"


def fold(text: str) -> str:
    """Return the text as it is searched: the same for all databases, cases and compatible forms.

    In essence Unicode's toNFKC_Casefold (The Unicode Standard, section 3.13).
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


class PlainTextFormField(CharFormField):
    """A form field that cleans before it measures, so that a line end counts as one character."""

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return self.empty_value
        return clean_text(value, self.max_length)

    def widget_attrs(self, widget: Any) -> dict[str, Any]:
        # No `maxlength`: browsers count UTF-16 units, and would cut an emoji's limit in half.
        return {}


class PlainTextField(models.CharField):  # type: ignore[type-arg]
    """A CharField of acceptable text, at most `max_length` code points."""

    def to_python(self, value: Any) -> Any:
        return value if value is None else clean_text(value, self.max_length)

    def get_prep_value(self, value: Any) -> Any:
        # A lookup must not raise ValidationError: CharField would call `to_python` here.
        return models.Field.get_prep_value(self, value)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": PlainTextFormField, **options})


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """The folded text of another field, stored for searches."""

    def __init__(self, *, source: str, **options: Any) -> None:
        self.source = source
        super().__init__(**{"editable": False, "blank": True, "default": "", **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "source": self.source}

    def pre_save(self, instance: models.Model, add: bool) -> str:
        return fold(getattr(instance, self.source))
