"""The compiled queries of session and user return what Django's own queries return."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from ublog.accounts import session_backend, token_families
from ublog.accounts.backends import EmailBackend
from ublog.accounts.models import CustomUser
from ublog.core.exceptions import NotAuthenticated


def loaded(store, key):
    """What a session says, and the key that it has from then on."""
    session = store.SessionStore(key)
    return dict(session.items()), session.session_key


@pytest.fixture
def key(db):
    """That of a session with something in it."""
    session = session_backend.SessionStore()
    session["said"] = "Grüße, 100 %"
    session.save()
    return session.session_key


def test_a_session_is_read_as_django_does(key):
    assert loaded(session_backend, key) == loaded(db, key) == ({"said": "Grüße, 100 %"}, key)


@pytest.mark.parametrize("wrong", ["unknown0key0of0nobody", "short", "' OR 1=1 --", "%s%s%s%s%s"])
def test_an_unknown_session_is_none(key, wrong):
    assert loaded(session_backend, wrong) == loaded(db, wrong) == ({}, None)


@pytest.mark.parametrize("value", [r'"12345678\000"', r'"12345678\377"', '"12345678\'"'])
def test_a_cookie_that_no_database_could_look_up_is_anonymous(db, client, value):
    response = client.get(
        "/fbv/posts/", headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={value}"}
    )
    assert response.status_code == 200


@pytest.mark.parametrize("seconds", [0, -1, 60])
def test_a_session_ends_on_time(key, seconds):
    end = timezone.now() + timedelta(seconds=seconds)
    Session.objects.filter(pk=key).update(expire_date=end)
    assert loaded(session_backend, key) == loaded(db, key)
    assert bool(loaded(session_backend, key)[0]) == (seconds > 0)


def test_what_was_tampered_with_says_nothing(key):
    Session.objects.filter(pk=key).update(session_data="nonsense")
    assert loaded(session_backend, key) == loaded(db, key) == ({}, key)


def fields(person):
    return {name: (type(value), value) for name, value in vars(person).items() if name != "_state"}


def state(person) -> dict:
    """Return Django's record of an instance, less what Django 6.1 adds to those that it reads."""
    return {name: value for name, value in vars(person._state).items() if name != "fetch_mode"}


def test_a_person_has_every_field_as_django_reads_it(alice, staff, person):
    person("bob", display_name="Bob ’€", bio="100 %\nyes", last_login=timezone.now())
    person("dora", is_active=False, activated_on=None)
    for one in CustomUser.objects.all():
        read = CustomUser.objects.get_for_session(one.pk)
        assert fields(read) == {**fields(one), "unread_count": (int, 0), "waiting_count": (int, 0)}
        assert state(read) == state(one)


def test_a_deleted_or_deactivated_user_is_none(alice, bob, charlie):
    ids = [alice.pk, bob.pk, charlie.pk, 0, 2**62]
    CustomUser.objects.filter(pk=bob.pk).update(is_active=False)
    charlie.delete()
    found = [EmailBackend().get_user(pk) for pk in ids]
    assert found == [ModelBackend().get_user(pk) for pk in ids] == [alice, None, None, None, None]


def test_who_writes_is_found_as_django_does(alice, bob):
    family = token_families.start(user=alice)
    now, old = timezone.now(), timezone.now() - timedelta(days=1)
    families = [None, family.name, UUID(int=1)]
    viewers = [
        SimpleNamespace(pk=pk, family=name, issued_on=issued_on)
        for pk in (alice.pk, bob.pk, 2**62, None)
        for name in families
        for issued_on in (now, old)
    ]

    def found(users):
        for viewer in viewers:
            try:
                user = users.get_active(viewer)
            except NotAuthenticated:
                yield None
            else:
                yield fields(user), state(user)

    def compare():
        compiled = list(found(CustomUser.objects))
        assert compiled == list(found(CustomUser.objects.all()))
        return [row is not None for row in compiled].count(True)

    assert compare() == 2 + 1 + 2  # a session of each, whenever, and the family once
    bob.suspended_until = timezone.now() + timedelta(days=1)
    bob.save()
    assert compare() == 2 + 1
    alice.set_password("Another 1 of hers")
    alice.save()
    assert compare() == 2


def test_a_read_person_can_be_changed(alice):
    read = CustomUser.objects.get_for_session(alice.pk)
    read.display_name = "Alice A."
    read.save()
    assert CustomUser.objects.get(pk=alice.pk).display_name == "Alice A."
    assert CustomUser.objects.count() == 1
