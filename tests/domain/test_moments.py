"""Both databases return every datetime in UTC, also as the result of a function."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Case, Count, F, Max, Min, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Now, TruncDay, TruncSecond

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post, PostLike

MOMENT = datetime(2026, 11, 23, 12, 30, 15, 123456, tzinfo=UTC)
DAY = MOMENT.replace(hour=0, minute=0, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def liked(alice, post):
    liked = post(alice, created_on=MOMENT)
    return PostLike.objects.create(post=liked, liked_by=alice, liked_on=MOMENT)


def posts():
    return Post.objects.order_by()


def values(**asked):
    return posts().annotate(**asked).values_list(*asked)


COLUMNS = {
    "a field": lambda: posts().values_list("created_on"),
    "a model": lambda: [[post.created_on] for post in posts()],
    "of another table": lambda: PostLike.objects.values_list("post__created_on"),
    "by another name": lambda: values(moment=F("created_on")),
    "grouped": lambda: posts().values_list("created_on").annotate(number=Count("likes")),
    "distinct": lambda: posts().values_list("created_on").distinct(),
    "a union": lambda: (one := posts().values_list("created_on")).union(one, all=True),
    "an ordered union": lambda: (
        (one := posts().values_list("created_on")).union(one).order_by("created_on")
    ),
    "raw": lambda: [[post.created_on] for post in Post.objects.raw("SELECT * FROM blog_post")],
    "the greatest": lambda: [posts().aggregate(moment=Max("created_on")).values()],
    "the least of each": lambda: CustomUser.objects.values_list(Min("liked_posts__created_on")),
    "the first that is there": lambda: values(
        moment=Coalesce("created_by__last_login", "created_on")
    ),
    "a case": lambda: values(moment=Case(When(pk__gt=0, then="created_on"))),
    "a value": lambda: values(moment=Value(MOMENT)),
    "a subquery": lambda: values(
        moment=Subquery(PostLike.objects.filter(post=OuterRef("pk")).values("liked_on"))
    ),
}


@pytest.mark.parametrize("asked", COLUMNS.values(), ids=COLUMNS)
def test_a_moment_is_one_however_it_is_asked_for(asked):
    for moment, *_ in asked():
        assert (type(moment), moment) == (datetime, MOMENT)
        assert moment.utcoffset() == timedelta(0)


def test_so_is_what_the_database_makes_of_it():
    second = MOMENT.replace(microsecond=0)
    [made] = values(day=TruncDay("created_on"), second=TruncSecond("created_on"), now=Now())
    assert made[:2] == (DAY, second)
    assert made[2].utcoffset() == timedelta(0)
    assert list(posts().datetimes("created_on", "day")) == [DAY]
    assert list(posts().dates("created_on", "month")) == [DAY.date().replace(day=1)]


def test_and_where_there_is_none(alice):
    assert CustomUser.objects.values_list("last_login", Max("liked_posts__likes__last_login")).get(
        pk=alice.pk
    ) == (None, None)
