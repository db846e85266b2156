"""Text that is not acceptable is rejected in the same way, new or edited."""

import pytest

from tests.contract.exceptions import Invalid
from tests.pictures import picture, too_large

UNACCEPTABLE = {
    "nothing": "",
    "blank": " \t\r\n ",
    "nothing visible": "\u200b\u00a0\u2003",
    "default-ignorable": "\u3164\u115f\u034f\U000e0041\u00ad",
    "Braille without dots": "\u2800 \u2800",
    "lone marks": "\u0301\ufe0f \u0483",
    "a noncharacter": "a\uffff",
    "281 characters": "a" * 281,
    "281 emoji": "😀" * 281,
    "NUL": "a\0b",
    "escape": "a\x1b[31mb",
}
texts = pytest.mark.parametrize("text", UNACCEPTABLE.values(), ids=UNACCEPTABLE)


@texts
def test_an_unacceptable_text_is_not_published(interface, alice, rejected, text):
    with rejected(Invalid) as error:
        interface(alice).publish(text)
    assert error.value.fields == {"body"}


@texts
def test_an_anonymous_user_publishes_no_unacceptable_text(interface, rejected, text):
    with rejected(Invalid):
        interface().publish(text)


@texts
def test_a_text_does_not_become_unacceptable_by_an_edit(interface, alice, post, rejected, text):
    mine = post(alice, "Good morning")
    with rejected(Invalid) as error:
        interface(alice).edit(mine.pk, body=text)
    assert error.value.fields == {"body"}


@pytest.mark.five
def test_a_picture_does_not_make_up_for_the_text(interface, alice, rejected):
    with rejected(Invalid) as error:
        interface(alice).publish("", picture(), "A teal wall")
    assert error.value.fields == {"body"}


def test_a_description_of_more_than_1000_characters_is_rejected(interface, alice, rejected):
    with rejected(Invalid) as error:
        interface(alice).publish("Look", picture(), "a" * 1001)
    assert error.value.fields == {"image_alt"}


@pytest.mark.five
def test_all_unacceptable_fields_are_named_at_once(interface, alice, rejected):
    with rejected(Invalid) as error:
        interface(alice).publish("", too_large(), "a" * 1001)
    assert error.value.fields == {"body", "image", "image_alt"}
