"""Posts are found by their hashtags."""

import pytest


@pytest.fixture
def tagged(interface, alice):
    """A function that publishes a post of Alice's, and returns its id."""
    return lambda body: interface(alice).publish(body).id


@pytest.mark.parametrize("name", ["tea", "TEA", "#tea", "＃Ｔｅａ", "Tea"])
def test_a_tag_finds_its_posts_however_it_is_written(interface, tagged, name):
    wanted = [tagged("#Tea"), tagged("Good #tea!"), tagged("＃ＴＥＡ")]
    tagged("tea without a sign, #coffee and #teapot")
    assert interface().timeline(tag=name).ids == wanted[::-1]


@pytest.mark.parametrize(
    "name",
    ["nothing", "#", "two words", "a#b", "2026", "\0", "a" * 101, "%", "<b>", "'--", "#" * 3000],
)
def test_what_nobody_has_tagged_finds_nothing(interface, tagged, name):
    tagged("#tea 2026 two words")
    assert interface().timeline(tag=name).posts == ()


def test_an_edit_changes_the_tags_of_a_post(interface, alice, tagged):
    given = tagged("#tea")
    interface(alice).edit(given, body="#coffee")
    assert interface().timeline(tag="tea").posts == ()
    assert interface().timeline(tag="coffee").ids == [given]
    interface(alice).delete(given)
    assert interface().timeline(tag="coffee").posts == ()


def test_a_tag_is_read_page_by_page_in_both_directions(interface, tagged):
    ids = [tagged(f"#tea {number}") for number in range(5)][::-1]
    tagged("#coffee")
    first = interface().timeline(tag="tea", page_size=2)
    second = first.older()
    assert [first.ids, second.ids, second.older().ids] == [ids[:2], ids[2:4], ids[4:]]
    assert second.newer().ids == ids[:2]
    assert second.older().older() is None


@pytest.mark.five
def test_a_tag_narrows_together_with_other_filters(interface, alice, bob, tagged):
    both = tagged("#tea in Vienna")
    tagged("#tea in Paris")
    bobs = interface(bob).publish("#tea in Vienna").id
    tagged("Vienna")
    assert interface().timeline(tag="tea", q="vienna", author="alice").ids == [both]
    interface(alice).bookmark(bobs)
    assert interface(alice).timeline(tag="tea", bookmarked="on").ids == [bobs]


def test_a_page_of_a_tag_shows_what_the_viewer_has_marked(interface, alice, tagged):
    given = tagged("#tea")
    interface(alice).like(given)
    [shown] = interface(alice).timeline(tag="tea").posts
    assert (shown.liked, shown.like_count) == (True, 1)


@pytest.mark.five
def test_a_tag_has_replies_and_no_deleted_post(interface, alice, bob, tagged):
    given = tagged("#tea, anybody?")
    reply = interface(bob).publish("#tea, please", in_reply_to=given).id
    assert interface().timeline(tag="tea").ids == [reply, given]
    interface(alice).delete(given)  # it stays in the conversation of its reply
    assert interface().read(given).deleted
    assert interface().timeline(tag="tea").ids == [reply]
