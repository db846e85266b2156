"""Lists that only their user sees: posts that they have marked, or wrote and are not published.

A mark has one if there is a filter with the name of its field: `?bookmarked=on`.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import Pages
from tests.contract.exceptions import Invalid, NotAuthenticated
from tests.contract.records import MARKS
from tests.contract.test_timeline import pages
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.querysets import PostFilters
from ublog.blog.states import PostState


def acting(name):
    """Return the action of that name as a function of a post and a user."""
    return lambda post, user: getattr(actions, name)(post_id=post.pk, by=user)


def in_state(state):
    def change(post, user):
        Post.objects.filter(pk=post.pk).update(created_by=user, state=state)

    return change


# How a post comes into each list of a user, and how it leaves it.
LISTS = {
    field: (acting(mark), acting(f"un{mark}"))
    for mark, field in MARKS.items()
    if field in PostFilters.__annotations__
}
# Apps for Mastodon have no list of what is not published.
PARAMS = [*LISTS, pytest.param("unpublished", marks=pytest.mark.five)]
LISTS["unpublished"] = (in_state(PostState.HELD), in_state(None))


@pytest.fixture(params=PARAMS)
def own(request):
    """The name of the filter that lists them."""
    return request.param


@pytest.fixture
def listed(own, post, no_limits):
    """A function that makes posts which are in the list of a user, and one more that is not."""

    def make(user, count, body="Listed", author=None):
        posts = [post(author, f"{body} {n}") for n in range(count)][::-1]
        for one in posts:
            LISTS[own][0](one, user)
        post(user, body)
        return [one.pk for one in posts]

    return make


def test_it_has_the_newest_posts_first(interface, alice, bob, own, listed):
    ids = listed(bob, 3)
    others = listed(alice, 2)
    shown = interface(bob).timeline(**{own: "on"})
    assert shown.ids == ids
    assert all(getattr(one, own, one.held) for one in shown.posts)
    assert interface(alice).timeline(**{own: "on"}).ids == others


def test_what_is_taken_back_leaves_it(interface, bob, own, listed):
    first, second = listed(bob, 2)
    LISTS[own][1](Post.objects.get(pk=first), bob)
    assert interface(bob).timeline(**{own: "on"}).ids == [second]


@pytest.mark.five
def test_its_pages_together_are_all_of_it(interface, bob, own, listed):
    ids = listed(bob, 7)
    first = interface(bob).timeline(**{own: "on"}, page_size=3)
    assert list(pages(first)) == [ids[:3], ids[3:6], ids[6:]]
    assert list(pages(first.older().older(), "newer")) == [ids[6:], ids[3:6], ids[:3]]


@pytest.mark.five
def test_it_is_searched_and_narrowed_to_a_tag_and_an_author(interface, bob, own, listed):
    green = listed(bob, 1, "Green #tea", author=bob)
    listed(bob, 1, "Coffee", author=bob)
    for query in ({"q": "GREEN"}, {"tag": "tea"}, {"author": "bob", "q": "green"}):
        assert interface(bob).timeline(**{own: "on"}, **query).ids == green
    assert interface(bob).timeline(**{own: "on"}, author="alice").ids == []


def test_an_anonymous_user_must_log_in_to_see_it(interface, own, rejected):
    with rejected(NotAuthenticated):
        interface().timeline(**{own: "on"})


@pytest.mark.parametrize("count", [0, 2])
def test_one_who_was_deactivated_sees_none(interface, bob, own, listed, count):
    listed(bob, count)
    driver = interface(bob)
    bob.is_active = False
    bob.save()
    with pytest.raises(NotAuthenticated):
        driver.timeline(**{own: "on"})


@pytest.mark.five
@pytest.mark.parametrize("switch", ["off", "ON", "1"])
def test_the_switch_is_on_or_absent(interface, bob, own, switch):
    if interface.name == "GraphQL":
        return  # its argument is a boolean
    with pytest.raises(Invalid):
        interface(bob).timeline(**{own: switch})


def test_it_costs_one_query(interface, bob, own, listed):
    driver = interface(bob)
    for count in (3, 30):
        listed(bob, count)
        with CaptureQueriesContext(connection) as queries:
            driver.timeline(**{own: "on"}, page_size=50)
        assert len(queries) == (3 if issubclass(interface, Pages) else 1)
