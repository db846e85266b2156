"""What text is acceptable, and how it is compared."""

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from ublog.core.text import clean_text, fold, fold_for_search

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
        ("\u0301", ""),
        ("\u2800", ""),
        ("\u3164\u00ad\U000e0041", ""),
        ("\ufdd0\U0001fffe", ""),
        ("e\u0301", "e\u0301"),
        ("\ue000", "\ue000"),  # private use
        ("\U0001faff", "\U0001faff"),  # not assigned yet
        ("a\n\n\nb", "a\n\n\nb"),
        ("a\n\n\n\nb", "a\n\n\nb"),
        ("a\n \n\t\n\u2800\n\u200b\n\nb\n\nc", "a\n \n\t\nb\n\nc"),
    ],
)
def test_text_is_kept_in_one_form(given_text, kept):
    assert clean_text(given_text) == kept


@pytest.mark.parametrize(
    "text", ["\0", "a\x08", "\x1b[1m", "\x7f", "\x85", "\ud800", "a\udfff", "\ufffe", "\uffff"]
)
def test_controls_and_halves_of_pairs_are_rejected(text):
    with pytest.raises(ValidationError):
        clean_text(text)


@pytest.mark.parametrize("value", [None, 5, b"bytes", ["a"], {}])
def test_what_is_no_text_is_rejected(value):
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
    [
        *[("Straße", "STRASSE"), ("ﬁ", "FI"), ("Ａ", "a"), ("é", "E\u0301"), ("Σ", "ς")],
        *[("İ", "i"), ("I\u0307", "i"), ("so\u00adft", "soft"), ("👩\u200d🚀", "👩🚀"), ("µ", "μ")],
    ],
)
def test_folded_forms_are_equal(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Café", "cafe"), ("naïve", "NAIVE"), ("a \n\t b", "A B"), ("Ёлка", "елка"), ("ά", "α")],
)
def test_a_search_ignores_accents_and_kinds_of_white_space(one, other):
    assert fold_for_search(one) == fold_for_search(other)
    assert fold(one) != fold(other)


@pytest.mark.parametrize("text", ["がぎ", "कि", "한글", "ผู้"])
def test_a_search_ignores_no_marks_but_accents(text):
    assert fold_for_search(text) == text


@given(anything.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text)))
def test_folding_for_a_search_again_changes_nothing(text):
    assert fold_for_search(fold_for_search(text)) == fold_for_search(text)
