"""Which text is acceptable, and how text is compared: once, for all fields and interfaces."""

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.forms import CharField as CharFormField

# Control characters except tab and line feed, lone surrogates, U+FFFE and U+FFFF: no database
# stores all of them, and hardly any may be in XML (XML 1.0, section 2.2).
UNACCEPTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Unicode's Default_Ignorable_Code_Point (DerivedCoreProperties.txt): never shown by itself.
IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# The Braille pattern without dots, and the marks around interlinear annotations.
ALSO_INVISIBLE = "\u2800\ufff9\ufffa\ufffb"
MAX_BLANK_LINES = 2  # running

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
    """Return the text stripped, with LF for all line ends and at most MAX_BLANK_LINES running.

    The result is "" when nothing in the text is visible. Browsers send line ends as CR LF, and JSON
    has LF: the same text must be stored the same. Raise ValidationError for a value that is not a
    string, for UNACCEPTABLE characters, and for a text much longer than `limit`, the maximum of
    code points in the cleaned text.
    """
    check_raw_length(value, limit)
    if not isinstance(value, str):
        raise ValidationError("Not a text.", code="invalid")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if UNACCEPTABLE.search(text):
        raise ValidationError("Control characters are not allowed.", code="control_characters")
    return limit_blank_lines(text.strip()) if has_visible(text) else ""


def limit_blank_lines(text: str) -> str:
    """Return the text without the blank lines that follow MAX_BLANK_LINES others."""
    if text.count("\n") <= MAX_BLANK_LINES:
        return text
    kept: list[str] = []
    blank = 0
    for line in text.split("\n"):
        blank = 0 if has_visible(line) else blank + 1
        if blank <= MAX_BLANK_LINES:
            kept.append(line)
    return "\n".join(kept)


# Tab, line ends, and characters that reorder the text around them: UAX #9, sections 2.1 to 2.5.
BREAKS = re.compile(r"[\t\n\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def validate_one_line(text: str) -> None:
    """Raise ValidationError for line ends, tabs and bidi overrides, embeddings and isolates."""
    if BREAKS.search(text):
        message = "Write it on one line, without tabs and characters that turn the direction."
        raise ValidationError(message, code="one_line")


def has_visible(text: str) -> bool:
    """Return whether a character of the text is visible."""
    return any(map(is_visible, text))


def is_visible(character: str) -> bool:
    """Return whether a character is visible by itself.

    Spaces, controls, marks, IGNORABLE and noncharacters are not. Characters of private use are, and
    so is a code point that this Python's tables do not know yet, such as a new emoji.
    """
    kind = unicodedata.category(character)
    if kind[0] in "ZM" or kind in ("Cc", "Cs") or character in ALSO_INVISIBLE:
        return False
    code = ord(character)
    if kind == "Cn" and (code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF):  # noncharacters
        return False
    return not IGNORABLE.match(character)


# -- Comparing ---------------------------------------------------------------------------------

FOLDING = 2  # the number of the rules by which `fold_for_search` folds; 1 was `fold_as_before`
ACCENTS = re.compile("[\u0300-\u036f]+")


def nfkc(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """Return a text that is equal for all cases and compatible forms, on every database.

    It is Unicode's toNFKC_Casefold (The Unicode Standard, section 3.13), and has `i` for `İ`.
    """
    folded = nfkc(nfkc(IGNORABLE.sub("", text)).casefold())
    return nfkc(folded.replace("i\u0307", "i"))


def fold_for_search(text: str) -> str:
    """Return the text as it is searched: folded, without accents, each white space one space."""
    plain = ACCENTS.sub("", unicodedata.normalize("NFKD", fold(text)))
    return re.sub(r"\s+", " ", nfkc(plain))


def fold_as_before(text: str) -> str:
    """Return the text as an earlier release stored it for searches."""
    return nfkc(nfkc(text).casefold())


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
        return fold_for_search(getattr(instance, self.source))


class FoldingField(models.PositiveSmallIntegerField):  # type: ignore[type-arg]
    """The FOLDING by which a row's FoldedField was stored; None in rows of an earlier release."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"editable": False, "null": True, **options})

    def pre_save(self, instance: models.Model, add: bool) -> int:
        return FOLDING
