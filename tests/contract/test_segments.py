"""What is in a text is found once, by the domain: every interface delivers the same segments."""

import pytest

from tests.texts import CASES, USERS, found


@pytest.fixture
def users(person):
    """The users of the table, under the names that they have when the texts are written."""
    return {name: person(name) for name in USERS}


def rename(user, username):
    user.username = username
    user.save()


@pytest.mark.usefixtures("no_limits")
def test_a_text_is_delivered_as_the_table_says(interface, users):
    driver = interface(users["alice"])
    for about, text, expected in CASES:
        shown = driver.publish(text)
        current = [[one.replace("new_name", "old_name") for one in each] for each in expected]
        assert found(shown.segments) == current, about
        assert "".join(one["text"] for one in shown.segments) == shown.body == text


def test_a_list_a_post_and_an_edit_deliver_them(interface, alice, bob):
    text = [{"type": "text", "text": "Hi "}, {"type": "mention", "text": "@Bob", "username": "bob"}]
    shown = interface(alice).publish("Hi @Bob")
    assert list(shown.segments) == text
    assert interface().read(shown.id).segments == shown.segments
    assert interface().timeline().posts[0].segments == shown.segments
    edited = interface(alice).edit(shown.id, body="Bye")
    assert list(edited.segments) == [{"type": "text", "text": "Bye"}]


def test_a_name_that_somebody_takes_later_is_text(interface, alice, post, person):
    shown = interface(alice).publish("Hi @charlie")
    person("charlie")
    assert found(interface().read(shown.id).segments) == []
    assert found(interface(alice).edit(shown.id, body="Hi @charlie!").segments) != []


def test_an_inactive_user_is_not_mentioned(interface, alice, person):
    person("charlie", is_active=False)
    assert found(interface(alice).publish("Hi @charlie").segments) == []


def test_a_mention_stays_its_users_when_another_takes_the_name(interface, alice, bob, person):
    shown = interface(alice).publish("Hi @bob")
    rename(bob, "robert")
    rename(person("charlie"), "bob")
    edited = interface(alice).edit(shown.id, body="Good morning, @bob")
    assert found(edited.segments) == [["mention", "@bob", "robert"]]
