"""Two people, or two windows, change one post: none overwrites what it has not seen."""

from contextlib import suppress
from functools import partial

import pytest

from tests.contract.drivers import DRIVERS, Pages
from tests.contract.exceptions import NotAuthenticated, NotFound, Stale
from tests.together import together
from ublog.blog.models import Post


@pytest.fixture(params=DRIVERS, ids=lambda door: f"after {door.name}")
def other(request):
    """The door of whoever is faster."""
    return request.param


def test_an_edit_of_what_was_seen_is_made(interface, alice, post):
    door, mine = interface(alice), post(alice)
    assert door.edit(mine.pk, body="Second", version=door.version(mine.pk)).body == "Second"
    assert door.edit(mine.pk, body="Third", version=door.version(mine.pk)).body == "Third"


def test_a_stale_edit_is_refused_and_shows_what_the_post_is_now(
    interface, other, alice, post, refused
):
    door, mine = interface(alice), post(alice, body="First")
    seen = door.version(mine.pk)
    newer = other(alice).edit(mine.pk, body="Faster")
    with refused(Stale) as error:
        door.edit(mine.pk, body="Slower", version=seen)
    assert error.value.body == newer.body == "Faster"
    assert error.value.typed == ("Slower" if isinstance(door, Pages) else None)


def test_a_stale_deletion_is_refused(interface, alice, post, refused):
    door, mine = interface(alice), post(alice, body="First")
    seen = door.version(mine.pk)
    door.edit(mine.pk, body="Newer")
    with refused(Stale) as error:
        door.delete(mine.pk, version=seen)
    assert error.value.body == "Newer"
    door.delete(mine.pk, version=door.version(mine.pk))
    with pytest.raises(NotFound):
        door.read(mine.pk)


def test_who_was_refused_can_decide_again(interface, alice, post):
    door, mine = interface(alice), post(alice)
    seen = door.version(mine.pk)
    door.edit(mine.pk, body="Faster")
    with suppress(Stale):
        door.edit(mine.pk, body="Slower", version=seen)
    assert door.edit(mine.pk, body="Slower", version=door.version(mine.pk)).body == "Slower"


def test_likes_make_nothing_stale(interface, alice, bob, post):
    door, mine = interface(alice), post(alice)
    seen = door.version(mine.pk)
    interface(bob).like(mine.pk)
    assert door.edit(mine.pk, body="Changed", version=seen).like_count == 1


def test_what_is_no_version_is_a_stale_one(interface, alice, post, refused):
    door, mine = interface(alice), post(alice)
    with refused(Stale):
        door.edit(mine.pk, body="Changed", version='"no version"')


def test_a_stranger_is_told_to_log_in_and_not_what_the_version_is(interface, post, refused, alice):
    mine = post(alice)
    with refused(NotAuthenticated):
        interface().edit(mine.pk, body="Taken over", version='"no version"')


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_limits")
def test_of_eight_editors_at_once_one_is_first(interface, alice, post):
    id = post(alice, body="First").pk
    doors = [interface(alice) for _ in range(8)]
    seen, made = doors[0].version(id), []

    def act(door, text):
        with suppress(Stale):
            made.append(door.edit(id, body=text, version=seen).body)

    together(*(partial(act, door, f"Editor {n}") for n, door in enumerate(doors)))
    assert [Post.objects.get(pk=id).body] == made


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_limits")
def test_of_editors_over_all_doors_one_is_first(alice, post):
    id = post(alice, body="First").pk
    doors = [door(alice) for door in DRIVERS * 2]
    seen, made = [door.version(id) for door in doors], []

    def act(door, version):
        with suppress(Stale):
            made.append(door.edit(id, body=door.name, version=version).body)

    together(*map(partial, [act] * len(doors), doors, seen))
    assert [Post.objects.get(pk=id).body] == made
