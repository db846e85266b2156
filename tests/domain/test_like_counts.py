"""The database keeps the like count, in whichever way a like is written."""

import pytest
from django.core.checks import run_checks
from django.db import connection

from ublog.blog import checks, triggers
from ublog.blog.models import Post, PostLike


@pytest.fixture
def crowd(person):
    return [person(f"person_{number}") for number in range(6)]


def check_counts():
    """Every stored count is the number of stored likes."""
    for post in Post.objects.all():
        assert post.like_count == PostLike.objects.filter(post=post).count()


def test_single_likes_are_counted(post, crowd):
    given = post()
    likes = [PostLike.objects.create(post=given, liked_by=one) for one in crowd]
    check_counts()
    likes[0].delete()
    check_counts()
    given.refresh_from_db()
    assert given.like_count == 5


def test_likes_made_in_bulk_are_counted(post, crowd):
    posts = [post(), post(), post()]
    PostLike.objects.bulk_create(PostLike(post=p, liked_by=one) for p in posts for one in crowd)
    check_counts()
    again = [PostLike(post=posts[0], liked_by=one) for one in crowd]
    PostLike.objects.bulk_create(again, ignore_conflicts=True)
    check_counts()


def test_likes_deleted_in_bulk_are_counted(post, crowd):
    posts = [post(), post()]
    PostLike.objects.bulk_create(PostLike(post=p, liked_by=one) for p in posts for one in crowd)
    PostLike.objects.filter(liked_by__in=crowd[:4]).delete()
    check_counts()
    PostLike.objects.all().delete()
    check_counts()
    assert set(Post.objects.values_list("like_count", flat=True)) == {0}


def test_the_likes_of_someone_who_leaves_go_too(post, crowd):
    given = post(crowd[0])
    PostLike.objects.bulk_create(PostLike(post=given, liked_by=one) for one in crowd)
    crowd[0].delete()
    check_counts()
    type(crowd[1]).objects.filter(pk__in=[crowd[1].pk, crowd[2].pk]).delete()
    check_counts()
    given.refresh_from_db()
    assert given.like_count == 3


def test_a_deleted_post_takes_its_likes_along(post, crowd):
    PostLike.objects.create(post=post(), liked_by=crowd[0])
    Post.objects.all().delete()
    assert not PostLike.objects.exists()


def test_a_whole_row_written_back_does_not_put_an_old_count_back(post, crowd):
    stale = Post.objects.get(pk=post().pk)
    PostLike.objects.create(post=stale, liked_by=crowd[0])
    assert stale.like_count == 0
    stale.save()
    check_counts()
    Post.objects.bulk_update([stale], ["body"])
    check_counts()


def test_a_new_post_has_no_likes_whatever_it_says(db):
    Post.objects.create(body="Mine", like_count=1000)
    Post.objects.bulk_create([Post(body="Mine", like_count=1000)])
    check_counts()


def test_plain_sql_is_counted(post, crowd):
    given = post()
    with connection.cursor() as cursor:
        for one in crowd:
            cursor.execute(
                "INSERT INTO blog_postlike (post_id, liked_by_id, liked_on) VALUES (%s, %s, %s)",
                [given.pk, one.pk, "2026-01-01 00:00:00+00:00"],
            )
        check_counts()
        cursor.execute("DELETE FROM blog_postlike WHERE liked_by_id = %s", [crowd[0].pk])
    check_counts()


def test_the_triggers_are_there_after_all_migrations(db):
    assert checks.missing_triggers("default") == set()
    assert not run_checks(databases=["default"], tags=["database"])


@pytest.fixture
def without_trigger(transactional_db):
    """A function that drops a trigger; all are there again afterwards."""

    def drop(name: str):
        table = "" if connection.vendor == "sqlite" else f" ON {triggers.TRIGGERS[name]}"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TRIGGER {name}{table}")

    yield drop
    with connection.schema_editor() as editor:
        triggers.create(None, editor)
    assert checks.missing_triggers("default") == set()


@pytest.mark.parametrize("name", sorted(checks.TRIGGERS))
def test_a_dropped_trigger_is_noticed(without_trigger, name):
    without_trigger(name)
    [found] = run_checks(databases=["default"], tags=["database"])
    assert (found.id, name in found.msg) == ("blog.E001", True)


@pytest.mark.django_db(transaction=True)
def test_making_the_triggers_twice_counts_once(post, crowd):
    with connection.schema_editor() as editor:
        triggers.create(None, editor)
    PostLike.objects.create(post=post(), liked_by=crowd[0])
    check_counts()
