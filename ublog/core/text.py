"""What text is acceptable, and how text is compared. Said once, for every field and door."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms import CharField as CharFormField

# Controls but tab and line feed, and the halves of UTF-16 pairs: no database stores them all.
UNACCEPTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")

# The same text can be written with more characters than are counted once it is cleaned: a line
# end as two, and what is around it. More than this many times the limit is no mistake in counting.
RAW_FACTOR = 4


def check_raw_length(value: Any, limit: int | None) -> None:
    """Raise ValidationError for a text of over 4 times `limit` code points, before it is touched.

    To clean, normalise, hash or compare a text costs time in proportion to its length, or worse;
    what is measured only afterwards has been paid for already. Requirement C11.
    """
    if isinstance(value, str) and limit is not None and len(value) > RAW_FACTOR * limit:
        MaxLengthValidator(limit)(value)


def clean_text(value: Any, limit: int | None = None) -> str:
    """Text with one kind of line end and nothing around it; "" when nothing in it is visible.

    A browser sends line ends as CR LF and JSON as LF: the same text must be stored the same.
    Raises ValidationError for what is not text, for control characters, and for what is much
    longer than `limit`, the most code points that the cleaned text may have.
    """
    check_raw_length(value, limit)
    if not isinstance(value, str):
        raise ValidationError("Not a text.", code="invalid")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if UNACCEPTABLE.search(text):
        raise ValidationError("Control characters are not allowed.", code="control_characters")
    return text.strip() if any(map(is_visible, text)) else ""


# Tab and line ends, and what reorders the text around it: UAX #9, sections 2.1 to 2.5.
BREAKS = re.compile(r"[\t\n\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def validate_one_line(text: str) -> None:
    """Raise ValidationError for line ends, tabs and bidi overrides, embeddings and isolates."""
    if BREAKS.search(text):
        message = "Write it on one line, without tabs and characters that turn the direction."
        raise ValidationError(message, code="one_line")


def is_visible(character: str) -> bool:
    """Whether it leaves ink: Unicode's categories Z (separators) and C (controls) do not."""
    return unicodedata.category(character)[0] not in "ZC"


def fold(text: str) -> str:
    """The text as it is searched: the same for all databases, cases and compatible forms.

    Unicode's toNFKC_Casefold in spirit (The Unicode Standard, section 3.13).
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


class PlainTextFormField(CharFormField):
    """Cleans before it measures, so that a line end counts as one character."""

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
        # Looking something up must not refuse: CharField would clean here, too.
        return models.Field.get_prep_value(self, value)

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": PlainTextFormField, **options})


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """The folded text of another field, kept for searching."""

    def __init__(self, *, source: str, **options: Any) -> None:
        self.source = source
        super().__init__(**{"editable": False, "blank": True, "default": "", **options})

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "source": self.source}

    def pre_save(self, instance: models.Model, add: bool) -> str:
        return fold(getattr(instance, self.source))
