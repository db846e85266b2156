"""Cursors and pages: against a plain sorted list."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ublog.blog.models import Post
from ublog.core.cursors import Cursor

moments = st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))
cursors = st.builds(Cursor, moments, st.integers(1, 2**63 - 1), st.booleans())
START = datetime(2026, 1, 1, tzinfo=UTC)


@given(cursors)
def test_a_cursor_says_the_place_that_it_was_made_of(cursor):
    assert Cursor.decode(cursor.encode()) == cursor


@given(cursors)
def test_a_cursor_needs_no_escaping_in_an_address(cursor):
    assert cursor.encode().replace("-", "").replace("_", "").isalnum()


@given(st.text() | st.binary().map(lambda b: b.decode("latin-1")))
def test_any_other_text_is_an_error(word):
    try:
        assert Cursor.decode(word).encode() == word
    except ValidationError as error:
        assert list(error.message_dict) == ["cursor"]


@pytest.mark.parametrize("plain", ["o1.0", "o1.-1", f"o1.{2**63}", "x1.1", "o1", "o+1.1", "o01.1"])
def test_a_text_that_looks_like_a_cursor_is_an_error(plain):
    word = base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")
    with pytest.raises(ValidationError):
        Cursor.decode(word)


def paginate(**place):
    return Post.objects.timeline(AnonymousUser(), **place)


def store(seconds: list[int]) -> list[int]:
    """Posts made at these seconds, several at one second; their ids, newest first."""
    made = [START + timedelta(seconds=second) for second in seconds]
    posts = [Post(body="a", created_on=moment, modified_on=moment) for moment in made]
    Post.objects.all().delete()
    stored = Post.objects.bulk_create(posts)
    return [p.pk for p in sorted(stored, key=lambda p: (p.created_on, p.pk), reverse=True)]


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.integers(0, 4), max_size=15), st.integers(1, 6))
def test_pages_there_and_back_are_the_sorted_list(db, seconds, size):
    ids = store(seconds)
    page, there = paginate(page_size=size), []
    pages = [page]
    while page.next:
        page = paginate(cursor=page.next, page_size=size)
        pages.append(page)
    there = [post.pk for page in pages for post in page.items]
    assert there == ids
    assert all(len(page.items) == size for page in pages[:-1])
    back = [post.pk for post in page.items]
    while page.previous:
        page = paginate(cursor=page.previous, page_size=size)
        back = [post.pk for post in page.items] + back
    assert back == ids


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.integers(0, 4), min_size=4, max_size=12),
    st.lists(st.tuples(st.sampled_from(["publish", "delete"]), st.integers(0, 11)), max_size=6),
)
def test_what_was_there_all_the_time_is_seen_once_while_others_write(db, seconds, deeds):
    ids, gone, seen = store(seconds), set(), []
    page = paginate(page_size=2)
    seen += [post.pk for post in page.items]
    for verb, place in [*deeds, *[("", 0)] * 12]:
        if verb == "publish":
            Post.objects.create(body="new")
        elif verb == "delete":
            gone.add(ids[place % len(ids)])
            Post.objects.filter(pk=ids[place % len(ids)]).delete()
        if page.next:
            page = paginate(cursor=page.next, page_size=2)
            seen += [post.pk for post in page.items]
    assert len(seen) == len(set(seen))
    assert [pk for pk in ids if pk not in gone] == [pk for pk in seen if pk not in gone]


def test_a_page_needs_one_query_at_any_depth(db, django_assert_num_queries):
    store(list(range(9)))
    with django_assert_num_queries(1):
        page = paginate(page_size=3)
    with django_assert_num_queries(1):
        paginate(cursor=page.next, page_size=3)
