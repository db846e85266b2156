"""Many people, and one person many times, like a post at the same moment."""

from contextlib import suppress
from functools import partial
from itertools import cycle

import pytest

from tests.contract.drivers import DRIVERS
from tests.contract.exceptions import NotFound
from tests.together import together
from ublog.blog.models import PostLike

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("no_limits"),
]


@pytest.fixture
def crowd(person):
    return [person(f"person_{number}") for number in range(40)]


def counts(interface, id) -> tuple[int, int]:
    """The likes as they are shown and as they are stored."""
    return interface().read(id).like_count, PostLike.objects.filter(post=id).count()


def test_forty_people_liking_at_once_give_forty(interface, crowd, post):
    id = post().pk
    together(*(partial(interface(one).like, id) for one in crowd))
    assert counts(interface, id) == (40, 40)


def test_one_person_liking_forty_times_at_once_gives_one(interface, alice, post):
    id = post().pk
    drivers = [interface(alice) for _ in range(40)]
    together(*(partial(driver.like, id) for driver in drivers))
    assert counts(interface, id) == (1, 1)


@pytest.mark.five
def test_forty_clicks_at_once_are_no_error_and_the_count_is_right(interface, alice, post):
    id = post().pk
    drivers = [interface(alice) for _ in range(40)]
    together(*(partial(driver.toggle_like, id) for driver in drivers))
    shown, stored = counts(interface, id)
    assert shown == stored in (0, 1)


def test_likes_and_likes_taken_back_at_once_leave_a_right_count(interface, crowd, post):
    id = post().pk
    for one in crowd[:20]:
        interface(one).like(id)
    back = [partial(interface(one).unlike, id) for one in crowd[:20]]
    together(*back, *(partial(interface(one).like, id) for one in crowd[20:]))
    assert counts(interface, id) == (20, 20)


def test_forty_people_over_all_interfaces_give_forty(person, post, db):
    id = post().pk
    crowd = [person(f"person_{number}") for number in range(40)]
    together(*(partial(driver(one).like, id) for one, driver in zip(crowd, cycle(DRIVERS))))
    assert {counts(driver, id) for driver in DRIVERS} == {(40, 40)}


def test_one_person_over_all_interfaces_gives_one(alice, post):
    id = post().pk
    drivers = [driver(alice) for driver in DRIVERS * 8]
    together(*(partial(driver.like, id) for driver in drivers))
    assert {counts(driver, id) for driver in DRIVERS} == {(1, 1)}


@pytest.mark.parametrize("verb", ["like", "unlike"])
def test_a_post_deleted_while_others_like_it_is_gone_without_an_error(
    interface, alice, crowd, post, verb
):
    id = post(alice).pk
    if verb == "unlike":
        PostLike.objects.bulk_create(PostLike(post_id=id, liked_by=one) for one in crowd)

    def act(driver):
        with suppress(NotFound):
            getattr(driver, verb)(id)

    likes = [partial(act, interface(one)) for one in crowd[:8]]
    together(*likes, partial(interface(alice).delete, id))
    assert not PostLike.objects.exists()
    with pytest.raises(NotFound):
        interface().read(id)
