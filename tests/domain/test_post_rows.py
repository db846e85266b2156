"""Compiled queries return what their query sets return, for each viewer and cursor."""

from datetime import UTC, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from ublog.blog import actions, search
from ublog.blog.models import Post, PostLike
from ublog.blog.post_rows import PostRow
from ublog.blog.states import PostState
from ublog.core.cursors import Cursor, PageQuery

NOW = timezone.now()


@pytest.fixture
def viewers(alice, bob, post):
    """Posts of all kinds, some at the same moment and liked by some; who looks at them."""
    bob.display_name = "Bob <b>"
    bob.save()
    kinds = [
        {"author": alice, "image": "pictures/a.png", "image_width": 3, "image_height": 2},
        {"author": bob, "image": "pictures/b.png", "image_medium": "f.webp", "thumbnail": "t.webp"},
        {"body": "Anonymous ’€\n"},
        {"author": bob, "image_alt": "of nothing", "modified_on": NOW + timedelta(days=1)},
    ]
    for number in range(12):
        moment = NOW - timedelta(seconds=number // 3)
        options = {"created_on": moment, **kinds[number % 4]}
        made = post(**options)
        Post.objects.filter(pk=made.pk).update(modified_on=options.get("modified_on", moment))
        for person in [alice, bob][: number % 3]:
            PostLike.objects.create(post=made, liked_by=person)
    return [AnonymousUser(), alice, bob]


def by_queryset(viewer, posts=None):
    """Return the rows of a query set as Django compiles and converts them."""
    rows = Post.objects.rows_for(viewer) if posts is None else posts
    return [PostRow(*row) for row in rows]


def test_a_first_page_is_that_of_the_query_set(viewers):
    for viewer in viewers:
        for size in (1, 5, 11, 12, 50):
            page = PageQuery.at(page_size=size)
            expected = by_queryset(viewer, page.of(Post.objects.rows_for(viewer)))
            assert Post.objects.fetch_page(viewer, page) == expected != []


def test_so_is_a_page_from_any_cursor_on(viewers):
    for viewer in viewers:
        for place in Post.objects.all():
            for older in (True, False):
                page = PageQuery.at(cursor=Cursor.at(place, older=older), page_size=3)
                expected = by_queryset(viewer, page.of(Post.objects.rows_for(viewer)))
                assert Post.objects.fetch_page(viewer, page) == expected


def test_so_is_each_post(viewers):
    for viewer in viewers:
        for one in Post.objects.all():
            [row] = by_queryset(viewer, Post.objects.rows_for(viewer).filter(pk=one.pk))
            assert Post.objects.get_row(viewer, one.pk) == row
            assert row.created_on.tzinfo is row.modified_on.tzinfo is UTC


def test_a_query_set_of_rows_reads_one_row_and_a_page_as_the_manager_does(viewers):
    for viewer in viewers:
        rows = Post.objects.rows_for(viewer)
        page = Post.objects.timeline(viewer, page_size=4)
        assert rows.timeline(page_size=4) == page
        assert rows.get_row(page.items[0].pk) == page.items[0]


def test_a_row_shows_what_its_post_shows(viewers):
    for viewer in viewers:
        for post in Post.objects.for_viewer(viewer):
            row = Post.objects.get_row(viewer, post.pk)
            for name in ("pk", "body", "created_on", "like_count", "liked", "edited", "image_info"):
                assert getattr(row, name) == getattr(post, name), name
            assert row.editable_by(viewer) == post.editable_by(viewer)
            names = [one and (one.username, one.name) for one in (row.created_by, post.created_by)]
            assert names[0] == names[1]


def fields(post):
    return {name: value for name, value in vars(post).items() if name != "_state"}


def test_a_post_to_write_is_that_of_the_query_set(viewers):
    for viewer in viewers[1:]:
        for one in Post.objects.with_viewer_marks(viewer).filter(created_by=viewer):
            post = Post.objects.get_editable(viewer, one.pk)
            assert fields(post) == fields(one)
            assert vars(post._state) == vars(one._state)
            with transaction.atomic():
                locked = Post.objects.get_for_update(one.pk)
            assert fields(locked) == fields(Post.objects.get(pk=one.pk))


@pytest.mark.parametrize(
    "filters",
    [
        {"q": "post"},
        {"q": "Póst"},
        {"q": "100%_\\"},
        {"q": "post", "author": "ALICE"},
        {"q": "post", "author": "not a name"},
        {"q": "post", "tag": "Tea", "replies": "on"},
        {"q": "post", "tag": "#"},
        {"q": "post", "tag": "tea", "author": "bob"},
        {"q": "post", "bookmarked": "on"},
        {"q": "post", "unpublished": "on", "author": "bob"},
    ],
    ids=str,
)
def test_so_is_a_search(viewers, post, filters, monkeypatch):
    monkeypatch.setattr(search, "WINDOW", 3)
    alice, bob = viewers[1:]
    for number in range(4):
        Post.objects.filter(pk=post(bob, "held post").pk).update(state=PostState.HELD)
        actions.bookmark(post_id=post(alice, f"Póst 100%_\\ #tea {number}").pk, by=bob)
    for viewer in viewers[1:] if {"bookmarked", "unpublished"} & set(filters) else viewers:
        for cursor in [None, *map(Cursor.at, Post.objects.all())]:
            page = PageQuery.at(cursor=cursor, page_size=2)
            rows = Post.objects.rows_for(viewer).matching(**filters)
            expected = search.page(list(search.statement(rows, 3, page)), page)
            assert Post.objects.search_page(viewer, page, filters)[0] == expected


def test_a_search_and_the_way_back_give_the_same_rows(viewers):
    for viewer in viewers:
        page = Post.objects.timeline(viewer, page_size=4)
        older = Post.objects.timeline(viewer, page_size=4, cursor=page.next)
        back = Post.objects.timeline(viewer, page_size=4, cursor=older.previous)
        assert back.items == page.items
        assert (
            Post.objects.timeline(viewer, q="post", page_size=2).items
            == [row for row in by_queryset(viewer) if "post" in row.body][:2]
        )
