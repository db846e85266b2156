"""Posts are found by a part of their text, and by their author."""

import pytest

from tests.contract.exceptions import Invalid

FOUND = [
    ("Good morning, Vienna", "MORNING"),
    ("Good morning, Vienna", "d m"),
    ("Good morning, Vienna", "  vienna "),
    ("Die Straße ist lang", "STRASSE"),
    ("Die STRASSE ist lang", "straße"),
    ("İstanbul", "İSTANBUL"),
    ("ΟΔΥΣΣΕΎΣ", "οδυσσεύς"),
    ("the ﬁrst of all", "FIRST"),
    ("the first of all", "ﬁrst"),
    ("Ｆｕｌｌ width", "full"),
    ("a cafe\u0301 in Paris", "CAF\u00c9"),
    ("100 % sure_ly \\o/", "% s"),
    ("100 % sure_ly \\o/", "_"),
    ("100 % sure_ly \\o/", "\\O"),
    ('it\'s "quoted"', "'s \""),
    ("two\nlines", "o\nl"),
    ("日本語の投稿", "語の"),
    ("😀😃", "😃"),
    ("two\n\n  lines", "two lines"),
    ("two lines", "two \t\nlines"),
    ("a café in Paris", "cafe"),
    ("a cafe in Paris", "CAFÉ"),
    ("İstanbul", "istanbul"),
    ("istanbul", "İSTANBUL"),
    ("so\u00adft hy\u200bphens", "soft hyphens"),
    ("soft", "so\u00adft"),
]


@pytest.mark.parametrize(("body", "q"), FOUND)
def test_a_post_is_found_by_a_part_of_its_text(interface, alice, post, body, q):
    post(alice, "something else")
    wanted = post(alice, body)
    assert interface().timeline(q=q).ids == [wanted.pk]


@pytest.mark.parametrize("q", ["evening", "%", "_", "morning Vienna", "g.od", "*", "' OR 1=1 --"])
def test_a_post_is_not_found_by_what_it_does_not_say(interface, alice, post, q):
    post(alice, "Good morning, Vienna")
    assert interface().timeline(q=q).posts == ()


def test_an_edited_post_is_found_by_what_it_says_now(interface, alice):
    shown = interface(alice).publish("Good morning")
    interface(alice).edit(shown.id, body="Good evening")
    assert interface().timeline(q="MORNING").posts == ()
    assert interface().timeline(q="EVENING").ids == [shown.id]


@pytest.mark.five
@pytest.mark.parametrize("q", ["", "   ", "\n"])
def test_a_search_for_nothing_finds_all(interface, alice, post, q):
    given = post(alice)
    assert interface().timeline(q=q).ids == [given.pk]


@pytest.mark.parametrize("q", ["\0", "a" * 201, "\x1b"], ids=["NUL", "too long", "escape"])
def test_an_unacceptable_search_is_rejected(interface, rejected, q):
    with rejected(Invalid):
        interface().timeline(q=q)


@pytest.mark.parametrize("name", ["Bob", "bob", "BOB"])
def test_posts_are_found_by_their_author_whatever_the_case(interface, alice, person, post, name):
    post(alice)
    post(None)
    wanted = post(person("Bob"))
    assert interface().timeline(author=name).ids == [wanted.pk]


@pytest.mark.parametrize(
    "name", ["nobody", "bo", "bob%", "bob@example.org", "\0", "b\u00f6b", "b" * 5000]
)
def test_nothing_is_found_by_a_name_that_nobody_has(interface, bob, post, name):
    post(bob)
    post(None)
    assert interface().timeline(author=name).posts == ()


@pytest.mark.five
def test_search_and_author_narrow_together(interface, alice, bob, post):
    post(alice, "tea")
    post(bob, "coffee")
    wanted = post(bob, "tea")
    assert interface().timeline(q="TEA", author="bob").ids == [wanted.pk]
