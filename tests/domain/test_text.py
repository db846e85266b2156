"""What text is acceptable, and how it is compared."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ublog.core.text import clean_text, fold

anything = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\n\r\nb", "a\n\nb"),
        ("  a b  ", "a b"),
        ("a\tb", "a\tb"),
        ("\u00a0a\u3000", "a"),
        ("\u200d", ""),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("\u0301", "\u0301"),
    ],
)
def test_text_is_kept_in_one_form(given_text, kept):
    assert clean_text(given_text) == kept


@pytest.mark.parametrize("text", ["\0", "a\x08", "\x1b[1m", "\x7f", "\x85", "\ud800", "a\udfff"])
def test_controls_and_lone_surrogates_are_errors(text):
    with pytest.raises(ValidationError):
        clean_text(text)


@pytest.mark.parametrize("value", [None, 5, b"bytes", ["a"], {}])
def test_what_is_not_text_is_an_error(value):
    with pytest.raises(ValidationError):
        clean_text(value)


@given(anything)
def test_cleaning_again_changes_nothing(text):
    try:
        kept = clean_text(text)
    except ValidationError:
        return
    assert clean_text(kept) == kept
    kept.encode()
    assert "\r" not in kept
    assert "\0" not in kept


@given(anything.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_folding_forgets_the_case(text):
    assert fold(text.casefold()) == fold(text)
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Straße", "STRASSE"), ("ﬁ", "FI"), ("Ａ", "a"), ("é", "E\u0301"), ("Σ", "ς")],
)
def test_folded_forms_are_equal(one, other):
    assert fold(one) == fold(other)
