"""Two users, or two windows, change one post: none overwrites a change that it has not read."""

from contextlib import suppress
from functools import partial

import pytest

from tests.contract.drivers import DRIVERS, Pages
from tests.contract.exceptions import NotAuthenticated, NotFound, Stale
from tests.contract.records import MARKS
from tests.pictures import picture
from tests.together import together
from ublog.blog.models import Post

pytestmark = pytest.mark.five


@pytest.fixture(params=DRIVERS, ids=lambda driver: f"after {driver.name}")
def other(request):
    """The interface of the user who is faster."""
    return request.param


def test_an_edit_of_what_was_seen_is_made(interface, alice, post):
    driver, mine = interface(alice), post(alice)
    assert driver.edit(mine.pk, body="Second", version=driver.version(mine.pk)).body == "Second"
    assert driver.edit(mine.pk, body="Third", version=driver.version(mine.pk)).body == "Third"


def test_a_stale_edit_is_rejected_and_shows_what_the_post_is_now(
    interface, other, alice, post, rejected
):
    driver, mine = interface(alice), post(alice, body="First")
    seen = driver.version(mine.pk)
    newer = other(alice).edit(mine.pk, body="Faster")
    with rejected(Stale) as error:
        driver.edit(mine.pk, body="Slower", version=seen)
    assert error.value.body == newer.body == "Faster"
    assert error.value.typed == ("Slower" if isinstance(driver, Pages) else None)


def test_a_stale_deletion_is_rejected(interface, alice, post, rejected):
    driver, mine = interface(alice), post(alice, body="First")
    seen = driver.version(mine.pk)
    driver.edit(mine.pk, body="Newer")
    with rejected(Stale) as error:
        driver.delete(mine.pk, version=seen)
    assert error.value.body == "Newer"
    driver.delete(mine.pk, version=driver.version(mine.pk))
    with pytest.raises(NotFound):
        driver.read(mine.pk)


def test_who_was_rejected_can_decide_again(interface, alice, post):
    driver, mine = interface(alice), post(alice)
    seen = driver.version(mine.pk)
    driver.edit(mine.pk, body="Faster")
    with suppress(Stale):
        driver.edit(mine.pk, body="Slower", version=seen)
    assert driver.edit(mine.pk, body="Slower", version=driver.version(mine.pk)).body == "Slower"


def test_an_edit_that_changes_nothing_stores_nothing(interface, alice, everything):
    driver = interface(alice)
    mine = driver.publish("A line\nand another", picture(), "A wall")
    before, seen = everything(), driver.version(mine.id)
    for changes in ({"body": mine.body}, {"image_alt": "A wall"}, {"body": f"{mine.body}  "}, {}):
        assert driver.edit(mine.id, version=seen, **changes) == mine
    assert (everything(), driver.version(mine.id)) == (before, seen)
    assert driver.edit(mine.id, image="").edited


def test_removing_an_image_that_is_not_there_changes_nothing(interface, alice, everything):
    driver = interface(alice)
    mine, before = driver.publish("Hello"), everything()
    assert driver.edit(mine.id, image="") == mine
    assert everything() == before


def test_likes_make_nothing_stale(interface, alice, bob, post):
    driver, mine = interface(alice), post(alice)
    seen = driver.version(mine.pk)
    for mark in MARKS:
        getattr(interface(bob), mark)(mine.pk)
    assert driver.edit(mine.pk, body="Changed", version=seen).like_count == 1


def test_an_unknown_version_is_a_stale_one(interface, alice, post, rejected):
    driver, mine = interface(alice), post(alice)
    with rejected(Stale):
        driver.edit(mine.pk, body="Changed", version='"no version"')


def test_an_anonymous_user_must_log_in_and_does_not_learn_the_version(
    interface, post, rejected, alice
):
    mine = post(alice)
    with rejected(NotAuthenticated):
        interface().edit(mine.pk, body="Taken over", version='"no version"')


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_limits")
def test_of_eight_editors_at_once_one_is_first(interface, alice, post):
    id = post(alice, body="First").pk
    drivers = [interface(alice) for _ in range(8)]
    seen, made = drivers[0].version(id), []

    def act(driver, text):
        with suppress(Stale):
            made.append(driver.edit(id, body=text, version=seen).body)

    together(*(partial(act, driver, f"Editor {n}") for n, driver in enumerate(drivers)))
    assert [Post.objects.get(pk=id).body] == made


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("no_limits")
def test_of_editors_over_all_interfaces_one_is_first(alice, post):
    id = post(alice, body="First").pk
    drivers = [driver(alice) for driver in DRIVERS * 2]
    seen, made = [driver.version(id) for driver in drivers], []

    def act(driver, version):
        with suppress(Stale):
            made.append(driver.edit(id, body=driver.name, version=version).body)

    together(*map(partial, [act] * len(drivers), drivers, seen))
    assert [Post.objects.get(pk=id).body] == made
