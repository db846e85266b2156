"""Any text at all, through all five interfaces, against one small model of what is acceptable."""

import unicodedata
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.contract.exceptions import Invalid
from ublog.blog.models import Post

pytestmark = pytest.mark.usefixtures("no_limits")
quickly = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

odd = st.sampled_from(["\r\n", "\r", "\n", "\0", "\x85", "\u2028", "\ud800", "\udfff", "\ufeff"])
odder = st.sampled_from(["😀", "\U0010ffff", "\u202e", "e\u0301", "ﬁ", "İ", "<b>", "&amp;", " "])
any_text = st.lists(st.characters(codec=None) | odd | odder, max_size=40).map("".join)
long_text = st.tuples(st.integers(270, 290), st.sampled_from(["a", "é", "😀", "a\r\n"])).map(
    lambda given: (given[1] * given[0])[: given[0] + 5]
)


IGNORABLE = (  # ranges of Default_Ignorable_Code_Point, Unicode 16
    "00AD 034F 061C 115F-1160 17B4-17B5 180B-180F 200B-200F 202A-202E 2060-206F 3164 FE00-FE0F FEFF"
    " FFA0 FFF0-FFF8 1BCA0-1BCA3 1D173-1D17A E0000-E0FFF"
)
INVISIBLE = {0x2800, 0xFFF9, 0xFFFA, 0xFFFB, *range(0xFDD0, 0xFDF0)}
for each in IGNORABLE.split():
    first, _, last = each.partition("-")
    INVISIBLE |= set(range(int(first, 16), int(last or first, 16) + 1))
INVISIBLE |= {plane + end for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)}


def visible(text: str) -> bool:
    """Return whether something of a text can be seen."""
    kinds = [unicodedata.category(c) for c in text if ord(c) not in INVISIBLE]
    return any(kind[0] not in "ZM" and kind not in ("Cc", "Cs") for kind in kinds)


def acceptable(text: str) -> str | None:
    """What is shown of a text that somebody published; None when it is rejected."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in "\t\n":
            return None
        if character in "\ufffe\uffff":
            return None
    if not visible(text):
        return None
    lines = text.strip().split("\n")
    blank = [not visible(line) for line in lines]
    text = "\n".join(line for n, line in enumerate(lines) if n < 2 or not all(blank[n - 2 : n + 1]))
    return text if len(text) <= 280 else None


@quickly
@given(any_text | long_text)
@example("😀" * 280)
@example("\r\n" * 100 + "a" * 280)
@example("a\r\n" * 93 + "a")
@example("\ud83d\ude00")
@example("\udc00")
@example("\u200b")
def test_a_text_is_shown_as_the_model_says_or_rejected(interface, alice, text):
    driver = interface(alice)
    expected = acceptable(driver.as_sent(text))
    try:
        shown = driver.publish(text)
    except Invalid as error:
        assert expected is None
        assert error.fields <= {"body", "detail"}
        assert not Post.objects.filter(body=expected or "").exists()
        return
    assert shown.body == expected
    assert driver.read(shown.id).body == expected


@quickly
@given(any_text)
def test_an_edit_accepts_what_a_new_post_accepts(interface, alice, post, text):
    driver, mine = interface(alice), post(alice, "As it was")
    expected = acceptable(driver.as_sent(text))
    try:
        driver.edit(mine.pk, body=text)
    except Invalid:
        assert expected is None
    assert driver.read(mine.pk).body == (expected or "As it was")


@quickly
@given(any_text)
def test_a_search_for_any_text_has_results_or_is_rejected(interface, alice, post, text):
    with suppress(Invalid):
        interface(alice).timeline(q=text.encode(errors="replace").decode())


@quickly
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=30))
def test_a_post_is_found_by_the_whole_of_its_text(interface, alice, text):
    if acceptable(text):
        shown = interface(alice).publish(text)
        assert shown.id in interface().timeline(q=shown.body).ids
