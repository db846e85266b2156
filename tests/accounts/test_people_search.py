"""A user finds others by the beginning of a name: for mentions, as one types `@`."""

import pytest

from tests.accounts.drivers import PASSWORD
from tests.contract.drivers import Invalid, NotAuthenticated, RateLimited
from ublog.accounts import tasks
from ublog.accounts.models import CustomUser
from ublog.core.models import OutboxEntry

pytestmark = pytest.mark.offers("search")


@pytest.fixture
def people(person):
    for name, shown in [
        ("ann", ""),
        ("annabel", "Bel"),
        ("bob", "Élodie Annan"),
        ("carla", "Carla %_"),
        ("dan", "Hannah"),
    ]:
        person(name, display_name=shown)
    person("anna_gone", is_active=False)


@pytest.fixture
def found(interface, carol, people):
    browser = interface()
    browser.log_in(carol.email, PASSWORD)
    return browser.search


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("ann", ["ann", "annabel", "bob"]),
        ("@ANN", ["ann", "annabel", "bob"]),
        ("anna", ["annabel", "bob"]),
        ("elodie", ["bob"]),
        ("ÉLODIE ann", ["bob"]),
        ("car", ["carla", "carol"]),
        ("%", ["carla"]),
        ("_", []),
        ("nobody", []),
        ("example.org", []),
        ("", []),
        ("@", []),
        (" \u200b", []),
    ],
)
def test_people_are_found_by_the_beginning_of_a_name(found, q, names):
    assert found(q) == names


@pytest.mark.parametrize("q", ["\0", "a" * 81, "a" * 4000], ids=["NUL", "too long", "far too long"])
def test_an_unacceptable_text_is_rejected(found, q):
    with pytest.raises(Invalid):
        found(q)


def test_at_most_ten_are_returned(found, person):
    for number in range(12):
        person(f"zoe{number}")
    assert len(found("zoe")) == 10


def test_an_anonymous_visitor_finds_nobody(interface, people):
    with pytest.raises(NotAuthenticated):
        interface().search("ann")


def test_searches_are_limited(found, settings):
    settings.LIMITS = settings.LIMITS | {"people": "2/minute"}
    found("ann")
    found("ann")
    with pytest.raises(RateLimited):
        found("ann")


def test_a_new_name_is_found_and_the_old_one_is_not(interface, found, carol):
    browser = interface()
    browser.log_in(carol.email, PASSWORD)
    browser.update_profile(username="zelda", display_name="Yvonne")
    assert (found("zel"), found("yvo"), found("carol")) == (["zelda"], ["zelda"], [])


def test_users_of_an_earlier_release_are_found_by_username_and_then_by_all_names(
    found, monkeypatch
):
    CustomUser.objects.update(names_folded=None)
    assert found("bo") == ["bob"]
    assert found("elodie") == []
    monkeypatch.setattr(tasks, "FOLDED_AT_ONCE", 4)
    assert tasks.fold_names() == 4
    [entry] = OutboxEntry.objects.filter(task="ublog.accounts.tasks.fold_names")
    assert tasks.fold_names(*entry.ids) == 3
    assert found("elodie") == ["bob"]
    assert not CustomUser.objects.filter(names_folded=None).exists()
