"""Pages by ids alone, as Mastodon's clients ask for them, and what follows on a post."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.steps import work_of
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.core.cursors import Cursor

NOBODY = AnonymousUser()


@pytest.fixture
def posts(post):
    return [post(body=f"Post {number}") for number in range(6)]


def page(id, *, older, viewer=NOBODY, size=2, **filters):
    cursor = Cursor(None, id, older)
    found = Post.objects.timeline(viewer, cursor=cursor, page_size=size, **filters)
    return [row.pk for row in found.items]


@pytest.mark.parametrize("filters", [{}, {"author": "alice"}, {"tag": "tea"}, {"q": "tea"}])
def test_a_page_follows_an_id(alice, post, filters):
    ids = [actions.publish(by=alice, body=f"#tea {number}").pk for number in range(6)]
    for viewer in (NOBODY, alice):
        assert page(ids[3], older=True, viewer=viewer, **filters) == [ids[2], ids[1]]
        assert page(ids[3], older=False, viewer=viewer, **filters) == [ids[5], ids[4]]
        assert page(ids[0], older=False, viewer=viewer, **filters) == [ids[2], ids[1]]


def test_a_page_follows_the_id_of_what_is_gone(posts):
    ids = [one.pk for one in posts]
    Post.objects.filter(pk=ids[3]).delete()
    assert page(ids[3], older=True) == [ids[2], ids[1]]
    assert page(ids[3], older=False) == [ids[5], ids[4]]


def test_ids_before_the_first_and_after_the_last_are_places_too(posts):
    ids = [one.pk for one in posts]
    assert page(10**15, older=True) == [ids[5], ids[4]]
    assert page(10**15, older=False) == []
    assert page(0, older=False) == [ids[1], ids[0]]
    assert page(0, older=True) == []


def test_a_page_after_an_id_is_one_query_that_finds_its_place_by_indexes(posts):
    with CaptureQueriesContext(connection) as captured:
        page(posts[3].pk, older=True)
    assert len(captured) == 1
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + captured[0]["sql"])
            plan = " ".join(step[3] for step in cursor.fetchall())
        assert "post_starts (created_on" in plan or "post_starts (<expr><" in plan, plan
        assert "SCAN blog_post" not in plan, plan
        assert "TEMP B-TREE" not in plan, plan


# -- What follows on a post --------------------------------------------------------------------


def below(post, viewer=NOBODY):
    return [row.body for row in Post.objects.context(viewer, post.pk).descendants]


@pytest.fixture
def reply(post):
    def make(to, body, **fields):
        conversation = to.conversation or to.pk
        return post(body=body, in_reply_to=to, conversation=conversation, **fields)

    return make


def test_each_reply_follows_what_it_replies_to(post, reply):
    top = post()
    first, second = reply(top, "1"), reply(top, "2")
    reply(second, "2.1")
    deep = reply(first, "1.1")
    reply(deep, "1.1.1")
    reply(first, "1.2")
    reply(top, "3")
    assert below(top) == ["1", "1.1", "1.1.1", "1.2", "2", "2.1", "3"]
    assert below(first) == ["1.1", "1.1.1", "1.2"]
    assert below(deep) == ["1.1.1"]


def test_at_most_200_follow(post, reply):
    top = post()
    for number in range(203):
        reply(top, str(number))
    assert below(top) == [str(number) for number in range(200)]


def test_a_chain_of_any_length_is_followed_so_far(post, reply):
    top = last = post()
    for number in range(203):
        last = reply(last, str(number))
    assert below(top) == [str(number) for number in range(200)]


def test_what_is_replied_to_is_oldest_first(post, reply):
    chain = [post(body="0")]
    for number in range(1, 30):
        chain.append(reply(chain[-1], str(number)))
    found = Post.objects.context(NOBODY, chain[25].pk)
    assert [row.body for row in found.ancestors] == [str(number) for number in range(5, 25)]
    assert found.post.body == "25"
    assert [row.body for row in found.descendants] == ["26", "27", "28", "29"]


@pytest.mark.parametrize("id", ["999", "nonsense", "0"])
def test_what_is_not_there_has_no_context(db, id):
    with pytest.raises(Post.DoesNotExist):
        Post.objects.context(NOBODY, id)


# -- P22 -----------------------------------------------------------------------------------------


def store(count, **fields):
    """Store so many posts, older than all others."""
    before = timezone.now() - timedelta(days=1)
    return Post.objects.bulk_create(
        (
            Post(body="Old", created_on=before + timedelta(milliseconds=n), **fields)
            for n in range(count)
        ),
        batch_size=2_000,
    )


def check_flat(few, many):
    assert many.queries == few.queries == 1
    assert 0 < many.steps <= 1.1 * few.steps


@pytest.mark.parametrize("older", [True, False])
def test_p22_a_page_after_an_id_costs_the_same_at_any_depth(db, older):
    few = [one.pk for one in store(100)]
    read = lambda ids: page(ids[len(ids) // 2], older=older, size=20)  # noqa: E731
    before = work_of(lambda: read(few))
    Post.objects.all().delete()
    many = [one.pk for one in store(10_000)]
    assert len(read(many)) == 20
    check_flat(before, work_of(lambda: read(many)))


def test_p22_a_context_costs_the_same_with_10_000_replies(post):
    top = post()
    below = {"in_reply_to": top, "conversation": top.pk}
    store(250, **below)
    read = lambda: Post.objects.context(NOBODY, top.pk)  # noqa: E731
    before = work_of(read)
    store(10_000, **below)
    assert len(read().descendants) == 200
    check_flat(before, work_of(read))
