"""Long conversations: reply counts, deletion, and reads that follow no chain to its end."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from ublog.blog import deletion
from ublog.blog.models import Post
from ublog.blog.states import PostState
from ublog.core.cursors import Cursor

DEEP = 10_000


def conversation(depth: int, **last) -> list[Post]:
    """Store a post and a chain of replies, each to the one before; the fields are of the last."""
    first = Post.objects.create(body="First")
    ids = range(first.pk + 1, first.pk + depth)
    replies = [
        Post(pk=id, in_reply_to_id=id - 1, conversation=first.pk, body=f"Reply {id}") for id in ids
    ]
    for name, value in last.items():
        setattr(replies[-1], name, value)
    Post.objects.bulk_create(replies, batch_size=1_000)
    return [first, *replies]


def counts() -> dict[int, int]:
    return dict(Post.objects.values_list("pk", "reply_count"))


def test_replies_in_bulk_are_counted(post):
    first, second = post(), post()
    made = [Post(body="A", in_reply_to=one) for one in (first, first, second)]
    tombstone = Post(body="", in_reply_to=second, state=PostState.DELETED)
    Post.objects.bulk_create([*made, tombstone])
    assert (counts()[first.pk], counts()[second.pk]) == (2, 1)
    Post.objects.filter(pk=tombstone.pk).update(state=None)
    assert counts()[second.pk] == 2
    Post.objects.filter(in_reply_to__in=[first, second]).update(state=PostState.DELETED)
    assert (counts()[first.pk], counts()[second.pk]) == (0, 0)
    Post.objects.filter(in_reply_to=first).update(state=PostState.DELETED)
    Post.objects.filter(in_reply_to=second).delete()
    assert (counts()[first.pk], counts()[second.pk]) == (0, 0)


def test_a_whole_row_written_back_does_not_put_an_old_reply_count_back(post):
    stale = post()
    post(in_reply_to=stale)
    stale.save()
    assert counts()[stale.pk] == 1


def test_plain_sql_of_the_previous_release_inserts_a_published_post(post, db):
    columns = "body, body_folded, image, image_alt, feed, thumbnail, like_count"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO blog_post ({columns}, created_on, modified_on)"
            " VALUES ('Hello', 'hello', '', '', '', '', 0, '2026-01-01 00:00', '2026-01-01 00:00')"
        )
    [row] = Post.objects.timeline(AnonymousUser()).items
    assert (row.body, row.reply_count, row.in_reply_to_id, row.deleted) == ("Hello", 0, None, False)


def test_the_depth_of_a_conversation_makes_no_difference(db):
    posts = conversation(DEEP)
    with CaptureQueriesContext(connection) as queries:
        found = Post.objects.conversation(AnonymousUser(), posts[-1].pk)
    assert len(queries) == 1
    assert [row.pk for row in found.ancestors] == [post.pk for post in posts[-21:-1]]
    assert found.top == posts[0].pk


def test_a_chain_of_tombstones_goes_in_a_few_steps_whatever_its_length(db):
    posts = conversation(DEEP)
    Post.objects.exclude(pk=posts[-1].pk).update(state=PostState.DELETED)
    with CaptureQueriesContext(connection) as queries, transaction.atomic():
        deletion.delete([Post.objects.get_for_update(posts[-1].pk)])
    assert not Post.objects.exists()
    assert len(queries) < 12 * DEEP / deletion.BATCH


def test_a_conversation_that_is_deleted_as_a_whole_leaves_nothing(db):
    conversation(3 * deletion.BATCH)
    deletion.delete_all(Post.objects.all())
    assert not Post.objects.exists()


def test_half_a_conversation_that_is_deleted_leaves_tombstones_above_what_stays(db):
    posts = conversation(10)
    replied = [post.pk for post in posts[:8]]
    deletion.delete_all(Post.objects.filter(pk__in=[*replied[::2], posts[9].pk]))
    left = dict(Post.objects.values_list("pk", "state"))
    assert [left.get(post.pk, "gone") for post in posts] == [1, None] * 4 + [None, "gone"]


@pytest.mark.parametrize("logged_in", [True, False])
def test_compiled_replies_are_those_of_the_query_set(alice, bob, post, logged_in):
    viewer = alice if logged_in else AnonymousUser()
    first, other = post(), post()
    made = [post(bob, in_reply_to=first) for _ in range(5)]
    post(in_reply_to=other)
    rows = Post.objects.rows_for(viewer).filter(in_reply_to=first).order_by("created_on", "id")
    expected = [tuple(row) for row in rows]
    assert [tuple(row) for row in Post.objects.replies(viewer, first.pk).items] == expected
    for number, place in enumerate(made):
        after = Post.objects.replies(viewer, first.pk, cursor=Cursor.at(place, older=False))
        before = Post.objects.replies(viewer, first.pk, cursor=Cursor.at(place), page_size=2)
        assert [tuple(row) for row in after.items] == expected[number + 1 :]
        assert [tuple(row) for row in before.items] == expected[max(0, number - 2) : number]
