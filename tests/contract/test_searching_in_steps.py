"""P14: one request of a search looks at a number of posts, says where it stopped, and leads on."""

from datetime import datetime

import pytest

from ublog.blog import search
from ublog.blog.models import Post

pytestmark = pytest.mark.five


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """A request of a search looks at three posts."""
    monkeypatch.setattr(search, "WINDOW", 3)


@pytest.fixture
def posts(alice, bob, post):
    """Eight posts, oldest first, of which the first and the fifth say tea."""
    return [
        post((alice, bob)[n % 2], f"{'tea' if n in (0, 4) else 'coffee'} #hot {n}")
        for n in range(8)
    ]


def walk(page, step="older"):
    """Return the pages from this one on."""
    pages = [page]
    while (page := getattr(page, step)()) is not None:
        pages.append(page)
    return pages


def test_a_search_stops_and_goes_on(interface, posts):
    pages = walk(interface().timeline(q="tea"))
    assert [page.ids for page in pages] == [[], [posts[4].pk], [posts[0].pk]]
    first, second, third = (page.searched_to for page in pages)
    # Each step begins with the post before which the last one stopped.
    assert (shown(first), shown(second)) == (second_of(posts[4]), second_of(posts[1]))
    assert third is None


def test_what_is_not_there_is_looked_for_to_the_end(interface, posts):
    pages = walk(interface().timeline(q="cocoa"))
    assert [len(page.posts) for page in pages] == [0, 0, 0]
    assert [page.searched_to is None for page in pages] == [False, False, True]


def test_a_page_that_is_full_does_not_stop(interface, posts):
    page = interface().timeline(q="coffee", page_size=2)
    assert (page.ids, page.searched_to) == ([posts[7].pk, posts[6].pk], None)
    assert page.older().ids == [posts[5].pk, posts[3].pk]


def test_a_list_of_as_many_posts_is_searched_at_once(interface, alice, post):
    tea = [post(alice, "tea") for _ in range(3)]
    page = interface().timeline(q="tea")
    assert (page.ids, page.searched_to) == ([one.pk for one in reversed(tea)], None)
    assert page.older() is None


def test_an_author_and_a_tag_have_steps_of_their_own(interface, posts):
    """Bob wrote four posts, so that his are two steps; all eight have the tag."""
    assert [page.ids for page in walk(interface().timeline(q="tea", author="alice"))] == [
        [posts[4].pk],
        [posts[0].pk],
    ]
    assert [page.ids for page in walk(interface().timeline(q="tea", tag="hot"))] == [
        [],
        [posts[4].pk],
        [posts[0].pk],
    ]


def test_a_search_goes_back_in_steps_too(interface, posts):
    last = walk(interface().timeline(q="tea"))[-1]
    assert [page.ids for page in walk(last, "newer")][1:] == [[], [posts[4].pk], []]


def test_a_hidden_post_is_not_found_where_a_search_stops(interface, posts):
    Post.objects.filter(pk=posts[4].pk).update(state=3)
    pages = walk(interface().timeline(q="tea"))
    assert [id for page in pages for id in page.ids] == [posts[0].pk]


def shown(moment: str) -> datetime:
    """Return a moment as an interface wrote it, without parts of seconds: pages round them."""
    return datetime.fromisoformat(moment).replace(microsecond=0)


def second_of(post: Post) -> datetime:
    return post.created_on.replace(microsecond=0)
