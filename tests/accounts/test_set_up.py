"""The first start: one link makes one administrator, who says what the site is."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client

from tests.accounts.drivers import PASSWORD
from tests.contract.drivers import soup
from ublog.accounts import site
from ublog.accounts.invitations import Invitation
from ublog.accounts.models import CustomUser
from ublog.core.models import SiteSettings

FIELDS = {
    "email": "olga@example.org",
    "username": "admin",
    "password": PASSWORD,
    "name": "The Rowing Club",
    "who_may_join": "invitation",
    "who_may_read": "members",
    "anonymous_posts": "off",
}


@pytest.fixture(autouse=True)
def by_the_row(settings):
    settings.WHO_MAY_JOIN = settings.ANONYMOUS_POSTS = settings.SITE_NAME = ""


@pytest.fixture
def path(db):
    return site.create_set_up_link().removeprefix("http://127.0.0.1:8000")


def test_somebody_sets_up_the_site_and_is_logged_in(path):
    client = Client()
    assert "Set up this site" in soup(client.get(path)).h1.text
    response = client.post(path, FIELDS, follow=True)
    assert response.redirect_chain == [("/accounts/site/", 302)]
    assert soup(response).select_one("form.site [name=name]")["value"] == "The Rowing Club"
    user = CustomUser.objects.get()
    assert (user.email, user.username, user.is_superuser) == ("olga@example.org", "admin", True)
    assert user.check_password(PASSWORD)
    stored = SiteSettings.objects.get()
    assert (stored.name, stored.who_may_read) == ("The Rowing Club", "members")


def test_the_link_is_used_once(path):
    spare = site.create_set_up_link().removeprefix("http://127.0.0.1:8000")
    Client().post(path, FIELDS)
    for again in (path, spare):
        for response in (
            Client().get(again),
            Client().post(again, FIELDS | {"email": "other@example.org", "username": "other"}),
        ):
            assert response.status_code == 400
            assert "has an administrator already" in soup(response).text
    assert CustomUser.objects.count() == 1


def test_the_link_expires_after_a_day(path):
    link = Invitation.objects.get()
    assert link.expires_on - link.created_on <= timedelta(days=1, seconds=1)
    Invitation.objects.update(expires_on=link.created_on)
    for response in (Client().get(path), Client().post(path, FIELDS)):
        assert response.status_code == 400
        assert "The next start of the site prints another one." in soup(response).text
    assert not CustomUser.objects.exists()


def test_an_invitation_sets_nothing_up(path):
    Invitation.objects.update(makes_administrator=False)
    assert Client().post(path, FIELDS).status_code == 400
    assert not CustomUser.objects.exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "nonsense"}, "email"),
        ({"password": "short"}, "password"),
        ({"username": "two words"}, "username"),
        ({"name": ""}, "name"),
        ({"name": "two\nlines"}, "name"),
        ({"who_may_join": "cats"}, "who_may_join"),
    ],
)
def test_what_is_not_acceptable_is_rejected_and_the_link_stays(path, fields, wrong):
    response = Client().post(path, FIELDS | fields)
    assert response.status_code == 400
    assert [found["id"] for found in soup(response).select("ul.errorlist")] == [f"id_{wrong}_error"]
    assert not CustomUser.objects.exists()
    assert Client().post(path, FIELDS).status_code == 302


def test_there_is_no_link_where_there_is_an_administrator(staff):
    assert site.create_set_up_link() == ""


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_administrator(settings):
    path = site.create_set_up_link().removeprefix("http://127.0.0.1:8000")
    together, statuses = Barrier(2), []

    def set_up(name):
        client = Client()
        together.wait()
        fields = FIELDS | {"email": f"{name}@example.org", "username": name}
        statuses.append(client.post(path, fields).status_code)
        connection.close()

    threads = [Thread(target=set_up, args=(name,)) for name in ("olga", "oleg")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [302, 400]
    assert CustomUser.objects.count() == 1


def test_make_superuser_promotes_an_account(person, capsys):
    alice = person("alice", password=PASSWORD)
    call_command("superuser", email="ALICE@example.org")
    alice.refresh_from_db()
    assert alice.is_superuser
    assert alice.is_staff
    assert alice.check_password(PASSWORD)
    assert "@alice is an administrator now" in capsys.readouterr().out


def test_make_superuser_makes_an_account(db, monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("superuser", email="olga@example.org", noinput=True)
    assert CustomUser.objects.get().is_superuser
    with pytest.raises(CommandError):
        call_command("superuser", email="x" * 2_000, noinput=True)
