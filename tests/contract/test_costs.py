"""What a read or a write costs in queries: constant, whatever there is to show.

SELECT, INSERT, UPDATE and DELETE are counted; a savepoint asks the database for no rows.
"""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import Pages
from tests.pictures import picture
from ublog.blog.models import Post, PostLike

BUDGET = {"timeline": 1, "read": 1, "publish": 4, "edit": 6, "delete": 8}
BUDGET |= dict.fromkeys(("like", "unlike", "toggle_like"), 3)
# Each request of a signed-in browser looks up the session and its person. A form is fetched
# before it is sent, and the page that it leads to is seen afterwards.
BROWSING = {"timeline": 2, "read": 2, "publish": 7, "edit": 9, "delete": 9}
BROWSING |= dict.fromkeys(("like", "unlike", "toggle_like"), 5)


def budget(door, verb: str) -> int:
    return BUDGET[verb] + (BROWSING[verb] if issubclass(door, Pages) else 0)


@pytest.fixture
def cost():
    """A function that counts the queries of one verb of a driver."""

    def count(verb, *args, **options) -> int:
        with CaptureQueriesContext(connection) as captured:
            verb(*args, **options)
        queries = [query["sql"] for query in captured]
        return sum(bool(re.match("SELECT|INSERT|UPDATE|DELETE", sql)) for sql in queries)

    return count


@pytest.fixture
def fill(person, post):
    """A function that adds posts of as many authors, each liked by a number of people."""

    def add(posts: int, likes: int):
        already = Post.objects.count()
        people = [person(f"person_{already}_{n}") for n in range(max(posts, likes))]
        for author in people[:posts]:
            given = post(author, image="pictures/ab/cd.png", image_width=3, image_height=2)
            given_likes = [PostLike(post=given, liked_by=one) for one in people[:likes]]
            PostLike.objects.bulk_create(given_likes)

    return add


def test_a_list_costs_one_query(interface, fill, cost):
    fill(posts=15, likes=4)
    assert cost(interface().timeline) == 1
    assert cost(interface().timeline, q="post", author="person_0_1") == 1


def test_a_list_costs_one_query_for_someone_signed_in(interface, alice, fill, cost):
    fill(posts=15, likes=4)
    assert cost(interface(alice).timeline) == budget(interface, "timeline")


def test_a_post_costs_one_query(interface, alice, post, cost):
    id = post(alice).pk
    assert cost(interface().read, id) == 1
    assert cost(interface(alice).read, id) == budget(interface, "read")


@pytest.mark.parametrize("verb", ["like", "unlike", "toggle_like"])
def test_a_like_costs_three_queries(interface, alice, post, cost, verb):
    id, door = post().pk, interface(alice)
    door.token()
    for _ in range(2):
        assert cost(getattr(door, verb), id) <= budget(interface, verb)


def test_a_new_post_costs_four_queries(interface, alice, cost):
    for door in (interface(), interface(alice)):
        assert cost(door.publish, "Good morning") <= budget(interface, "publish")
        # Whether its key was used, and what the author stores: before an image is decoded, and
        # again, with a lock, when it is stored.
        assert cost(door.publish, "Look", picture()) <= budget(interface, "publish") + 4


def test_an_edit_and_a_deletion_cost_few_queries(interface, alice, post, cost):
    id, door = post(alice).pk, interface(alice)
    assert cost(door.edit, id, body="Changed") <= budget(interface, "edit")
    assert cost(door.delete, id) <= budget(interface, "delete")


@pytest.mark.parametrize("signed_in", [False, True], ids=["a stranger", "alice"])
def test_a_list_costs_the_same_with_more_posts_authors_and_likes(
    interface, alice, fill, cost, signed_in
):
    fill(posts=3, likes=1)
    door = interface(alice if signed_in else None)
    few = cost(door.timeline, page_size=50)
    fill(posts=30, likes=30)
    assert cost(door.timeline, page_size=50) == few <= 5


@pytest.mark.parametrize("verb", ["read", "like", "toggle_like", "unlike"])
def test_a_post_costs_the_same_with_more_likes(interface, alice, person, post, cost, verb):
    door, id = interface(alice), post().pk
    act = getattr(door, verb)
    act(id)
    few = cost(act, id)
    people = [person(f"person_{number}") for number in range(30)]
    PostLike.objects.bulk_create(PostLike(post_id=id, liked_by=one) for one in people)
    assert cost(act, id) == few
