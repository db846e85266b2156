"""Who sees a post in which state, and where: one table, from which the tests are generated."""

from dataclasses import dataclass

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import Pages
from tests.contract.exceptions import Forbidden, Invalid, NotAuthenticated, NotFound
from tests.contract.records import MARKS
from tests.contract.verbs import verbs
from ublog.blog import actions, moderation
from ublog.blog.models import Post, PostBookmark, PostLike
from ublog.blog.states import PostState

# What one sees: all of the post, its place in the conversation, or nothing.
FULL, PLACE, GONE = "full", "place", "gone"
VIEWERS = ["anonymous", "bob", "alice", "sam"]  # alice is the author, sam a moderator


@dataclass(frozen=True)
class Seen:
    """What is seen of a post in a state: in lists by all, elsewhere by each of VIEWERS."""

    state: PostState | None
    lists: bool
    elsewhere: tuple[str, ...]
    has_replies: bool = False
    marked: str = ""  # the field that says so


TABLE = {
    "published": Seen(None, True, (FULL,) * 4),
    "published, with replies": Seen(None, True, (FULL,) * 4, has_replies=True),
    "held": Seen(PostState.HELD, False, (GONE, GONE, FULL, FULL), marked="held"),
    "hidden": Seen(PostState.HIDDEN, False, (GONE, GONE, FULL, FULL), marked="hidden"),
    "hidden, with replies": Seen(
        PostState.HIDDEN, False, (PLACE, PLACE, FULL, FULL), has_replies=True, marked="hidden"
    ),
    "deleted, with replies": Seen(
        PostState.DELETED, False, (PLACE,) * 4, has_replies=True, marked="deleted"
    ),
}
LISTS = [{}, {"author": "alice"}, {"tag": "tea"}, {"q": "tea"}]
rows = pytest.mark.parametrize("row", TABLE.values(), ids=TABLE)
unpublished = pytest.mark.parametrize(
    "row", [row for row in TABLE.values() if row.state], ids=[*TABLE][2:]
)
replied = pytest.mark.parametrize("row", [row for row in TABLE.values() if row.has_replies])


@pytest.fixture
def made(alice, bob, post, reply):
    """A function that stores a post of Alice in a state, which replies to another or not."""

    def make(row, to=None):
        moderated = row.state in (PostState.HELD, PostState.HIDDEN)
        text, fields = "Tea! #tea", {"state": row.state if moderated else None}
        one = reply(to, alice, text, **fields) if to else post(alice, text, **fields)
        PostLike.objects.create(post=one, liked_by=bob)
        PostBookmark.objects.create(post=one, user=bob)
        if row.has_replies:
            reply(one, bob)
        if row.state == PostState.DELETED:
            actions.delete(post_id=one.pk, by=alice)
        return one

    return make


@pytest.fixture
def viewers(interface, alice, bob, staff):
    """The drivers of all viewers, in the order of VIEWERS."""
    return [interface(user) for user in (None, bob, alice, staff)]


def seen(record) -> str:
    """Return what is seen, by the record of a post; check that a place shows nothing else."""
    if record is None:
        return GONE
    if record.body:
        assert (record.author, record.like_count) == ("alice", 1)
        return FULL
    shown = (record.author, record.image, record.like_count, record.liked, record.bookmarked)
    assert shown == (None, None, 0, False, False)
    assert (record.edited, record.can_edit) == (False, False)
    return PLACE


def read(driver, id):
    try:
        return driver.read(id)
    except NotFound:
        return None


def marks_of(record) -> set[str]:
    return {name for name in ("deleted", "held", "hidden") if getattr(record, name)}


def seen_through(interface, row) -> tuple[str, ...]:
    """Return what is seen of a post elsewhere, where an interface may have no places."""
    return tuple(GONE if one == PLACE and not interface.places else one for one in row.elsewhere)


@rows
def test_lists_have_what_is_published(viewers, interface, bob, made, row):
    id = made(row).pk
    for driver in viewers:
        for query in LISTS:
            assert (id in driver.timeline(**query).ids) == row.lists, query
    assert (id in interface(bob).timeline(bookmarked="on").ids) == row.lists


@rows
def test_at_its_own_url(interface, viewers, made, row):
    id = made(row).pk
    found = [read(driver, id) for driver in viewers]
    assert tuple(map(seen, found)) == seen_through(interface, row)
    for shown in filter(None, found):
        assert marks_of(shown) == ({row.marked} if row.marked else set())


@rows
def test_among_the_replies_to_a_post(interface, viewers, post, made, row):
    first = post()
    id = made(row, to=first).pk
    found = [dict(zip(p.ids, p.posts, strict=True)) for p in replies_of(first, viewers)]
    assert tuple(seen(shown.get(id)) for shown in found) == seen_through(interface, row)
    assert [shown.get(id) for shown in found] == [read(driver, id) for driver in viewers]


def replies_of(post, viewers):
    return [driver.replies(post.pk) for driver in viewers]


@replied
def test_above_its_replies(interface, viewers, made, row):
    below = Post.objects.get(in_reply_to=made(row))
    found = [driver.ancestors(below.pk).posts or [None] for driver in viewers]
    assert tuple(seen(shown) for [shown] in found) == seen_through(interface, row)


@unpublished
@verbs(lambda verb: verb.of_post and verb.login and not verb.moderator)
def test_nobody_does_anything_to_it(viewers, made, rejected, decoded, row, verb):
    id = made(row).pk
    for driver in viewers[1:]:
        with rejected(NotFound):
            verb.act(driver, id)


@unpublished
def test_nobody_replies_to_it(viewers, made, rejected, row):
    id = made(row).pk
    for driver in viewers:
        with rejected(Invalid) as error:
            driver.publish("Too late", in_reply_to=id)
        assert set(error.value.fields) == {"in_reply_to"}


@rows
def test_it_is_counted_as_a_reply_if_it_is_published(interface, post, made, row):
    first = post()
    made(row, to=first)
    assert interface().read(first.pk).reply_count == row.lists


@rows
def test_its_author_may_edit_it_if_it_is_published(viewers, made, row):
    id = made(row).pk
    found = [read(driver, id) for driver in viewers]
    may = [shown is not None and shown.can_edit for shown in found]
    assert may == [row.lists and name == "alice" for name in VIEWERS]


@pytest.mark.five
@rows
def test_its_author_and_moderators_may_delete_it(viewers, made, row):
    id = made(row).pk
    found = [read(driver, id) for driver in viewers]
    may = [shown is not None and shown.can_delete for shown in found]
    expected = [row.marked != "deleted" and name in ("alice", "sam") for name in VIEWERS]
    assert may == expected


@rows
@pytest.mark.parametrize("name", VIEWERS)
def test_it_is_deleted_by_those_who_may(interface, viewers, made, rejected, row, name):
    id, driver = made(row).pk, viewers[VIEWERS.index(name)]
    if name in ("alice", "sam") and row.marked != "deleted":
        driver.delete(id)
        assert Post.objects.filter(pk=id).exists() == row.has_replies
        gone = read(interface(), id)
        assert gone.deleted if row.has_replies and interface.places else gone is None
        return
    with rejected(Forbidden if row.lists and name == "bob" else (NotFound, NotAuthenticated)):
        driver.delete(id)


@pytest.mark.five
@rows
def test_a_list_goes_on_where_it_is_left_out(interface, alice, bob, post, made, row):
    first = post(alice, "Tea, too #tea")
    PostBookmark.objects.create(post=first, user=bob)
    made(row)
    for query in (*LISTS, {"bookmarked": "on"}):
        page = interface(bob).timeline(**query, page_size=1)
        page = page.older() if row.lists else page
        assert (page.ids, page.older()) == ([first.pk], None)


@rows
def test_it_costs_the_same_in_every_state(interface, viewers, post, made, row):
    first = post()
    id = made(row, to=first).pk
    for driver, expected in zip(viewers, row.elsewhere, strict=True):
        session = 2 if is_page(interface) and driver is not viewers[0] else 0
        for verb, of in (("read", id), ("ancestors", id), ("replies", first.pk)):
            if expected == GONE or (expected == PLACE and not interface.places):
                continue  # then a second query looks whether there is the post
            with CaptureQueriesContext(connection) as queries:
                getattr(driver, verb)(of)
            assert len(queries) == session + (2 if is_page(interface) else 1)


def is_page(interface) -> bool:
    return issubclass(interface, Pages)


# -- Moderators ------------------------------------------------------------------------------


def test_a_post_that_is_shown_again_has_its_marks_and_tags(interface, bob, staff, made):
    id = made(TABLE["published"]).pk
    moderation.hide(post_id=id, by=staff)
    assert interface(bob).timeline(bookmarked="on").ids == []
    moderation.unhide(post_id=id, by=staff)
    shown = interface(bob).read(id)
    assert [getattr(shown, field) for field in MARKS.values()] == [True, True]
    assert interface(bob).timeline(bookmarked="on").ids == [id]
    assert interface().timeline(tag="tea").ids == [id]


def test_a_post_that_is_approved_is_the_newest(interface, alice, staff, post):
    held, later = post(alice, "First", state=PostState.HELD), post(alice, "Second")
    assert interface().timeline().ids == [later.pk]
    moderation.approve(post_id=held.pk, by=staff)
    assert interface().timeline().ids == [held.pk, later.pk]
    shown = interface().read(held.pk)
    assert (shown.held, shown.edited) == (False, False)


def test_a_moderator_who_is_suspended_sees_what_all_see(interface, staff, made):
    id = made(TABLE["hidden"]).pk
    driver = interface(staff)
    assert driver.read(id).hidden
    staff.is_active = False
    staff.save()
    assert read(driver, id) is None


def test_nobody_but_moderators_sees_what_has_no_author_and_is_held(viewers, post):
    id = post(None, "By nobody", state=PostState.HELD).pk
    assert [read(driver, id) is not None for driver in viewers] == [False, False, False, True]
