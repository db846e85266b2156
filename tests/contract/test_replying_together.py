"""People reply to a post at the moment at which it, or what else is in its conversation, goes."""

from contextlib import suppress
from functools import partial
from itertools import cycle

import pytest
from django.db.models import Count, F, Q

from tests.contract.drivers import DRIVERS
from tests.contract.exceptions import Invalid, NotFound, Stale
from tests.together import together
from ublog.blog.models import Post, PostLike
from ublog.blog.states import PostState

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_limits"),
]


@pytest.fixture
def crowd(person):
    return [person(f"person_{number}") for number in range(12)]


def check_conversations():
    """Every count is right, every reply has its post, and no tombstone is without replies."""
    published = Count("replies", filter=Q(replies__state=None))
    posts = Post.objects.annotate(published=published, all=Count("replies"))
    assert not posts.exclude(reply_count=F("published")).exists()
    assert not posts.filter(state=PostState.DELETED, all=0).exists()
    ids = set(Post.objects.values_list("pk", flat=True))
    replied = Post.objects.exclude(in_reply_to=None).values_list("in_reply_to", "conversation")
    assert {id for pair in replied for id in pair} <= ids


def test_all_who_reply_at_once_are_counted(interface, crowd, post):
    id = post().pk
    together(*(partial(interface(one).publish, "Me", in_reply_to=id) for one in crowd))
    assert interface().read(id).reply_count == len(crowd)
    check_conversations()


@pytest.mark.five
def test_a_post_deleted_while_others_reply_is_a_place_or_gone(interface, alice, crowd, post):
    for _ in range(3):
        id = post(alice).pk
        made = []

        def respond(driver, id=id, made=made):
            with suppress(Invalid):
                made.append(driver.publish("Me", in_reply_to=id).id)

        replies = [partial(respond, driver(one)) for one, driver in zip(crowd, cycle(DRIVERS))]
        together(*replies[:6], partial(interface(alice).delete, id), *replies[6:])
        check_conversations()
        assert set(Post.objects.filter(in_reply_to=id).values_list("pk", flat=True)) == set(made)
        if made:
            assert interface().read(id).deleted
            assert sorted(interface().replies(id).ids) == sorted(made)
        else:
            with pytest.raises(NotFound):
                interface().read(id)


def test_the_last_two_replies_deleted_at_once_take_the_deleted_post_along(
    interface, alice, bob, post, reply
):
    for _ in range(5):
        first = post(alice)
        place, other = reply(first, alice), reply(first, bob)
        mine, theirs = reply(place, alice), reply(other, bob)
        for author, one in ((alice, first), (alice, place), (bob, other)):
            interface(author).delete(one.pk)
        assert Post.objects.count() == 5
        drivers = ((interface(alice), mine), (interface(bob), theirs))
        together(*(partial(driver.delete, one.pk) for driver, one in drivers))
        assert not Post.objects.exists()


@pytest.mark.five
def test_a_post_that_becomes_a_place_keeps_no_like_and_no_edit(interface, alice, crowd, post):
    for _ in range(3):
        id = post(alice).pk
        interface().publish("Me", in_reply_to=id)
        drivers = [interface(one) for one in crowd[:4]] + [interface(alice), interface(alice)]

        def act(verb, *args, **options):
            with suppress(NotFound, Stale):  # a form sends the version that was seen
                verb(*args, **options)

        likes = [partial(act, driver.like, id) for driver in drivers[:4]]
        edit = partial(act, drivers[4].edit, id, body="Changed")
        together(*likes, edit, partial(act, drivers[5].delete, id))
        act(drivers[5].delete, id)
        shown = interface().read(id)
        assert (shown.deleted, shown.body, shown.like_count) == (True, "", 0)
        assert not PostLike.objects.filter(post=id).exists()
        check_conversations()
