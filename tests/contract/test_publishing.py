"""Anybody may publish, logged in or not, unless the site allows only users to."""

import pytest

from tests.contract.exceptions import NotAuthenticated
from tests.contract.records import PostRecord


def test_alice_publishes_a_post_in_her_name(interface, alice):
    shown = interface(alice).publish("Good morning")
    assert shown == PostRecord(
        id=shown.id,
        author="alice",
        body="Good morning",
        image=None,
        image_alt="",
        like_count=0,
        liked=False,
        can_edit=True,
        edited=False,
    )


def test_a_new_post_is_there_for_everyone(interface, alice, bob):
    published = interface(alice).publish("Good morning")
    for somebody in (interface(), interface(alice), interface(bob)):
        assert somebody.read(published.id).body == "Good morning"
        assert somebody.timeline().ids == [published.id]


def test_an_anonymous_user_publishes_without_a_name(interface):
    shown = interface().publish("Somebody was here")
    assert (shown.author, shown.body, shown.can_edit) == (None, "Somebody was here", False)


def test_a_site_may_close_publishing_to_anonymous_users(interface, alice, settings, rejected):
    settings.ANONYMOUS_POSTS = "off"
    with rejected(NotAuthenticated):
        interface().publish("Somebody was here")
    assert interface(alice).publish("I am known").author == "alice"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_line_end_is_one_line_end_wherever_it_comes_from(interface, alice, line_end):
    assert interface(alice).publish(f"one{line_end}two").body == "one\ntwo"


def test_what_stands_around_the_text_is_not_kept(interface, alice):
    assert interface(alice).publish("  \n Good morning \t\n").body == "Good morning"


def test_a_post_may_be_as_long_as_280_characters_of_any_kind(interface, alice):
    for text in ("a" * 280, "😀" * 280, "\n".join("a" * 140) + "a"):
        assert interface(alice).publish(text).body == text


def test_markup_is_shown_as_it_was_typed(interface, alice):
    text = "<script>alert('&amp;')</script> {{ body }} {% now %} \" ' ` &lt;"
    assert interface(alice).publish(text).body == text
