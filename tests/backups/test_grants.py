"""A12 in the security bar: what a site restored from a backup opens, and which ids it gives."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, models
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant, RefreshToken, set_token_value

from tests.accounts.drivers import PASSWORD
from tests.backups.conftest import elsewhere
from tests.contract.drivers import DRIVERS, Bearer, NotAuthenticated, soup
from ublog.accounts import personal_tokens
from ublog.accounts.invitations import Invitation
from ublog.accounts.models import CustomUser, TokenFamily
from ublog.accounts.oauth import actions as oauth
from ublog.accounts.oauth.models import AllowedApplication, Application
from ublog.accounts.token_models import PersonalToken
from ublog.blog import actions
from ublog.blog.archives import Archive
from ublog.blog.models import Post
from ublog.operations.backups import rows
from ublog.operations.backups.create import make
from ublog.operations.backups.restore import GRANTS, restore

DAY = timedelta(days=1)
PROGRAMS = [driver for driver in DRIVERS if issubclass(driver, Bearer)]


class Browser:
    """Where somebody is logged in: an access token, a refresh cookie, a session of the pages."""

    def __init__(self, user):
        self.client = Client()
        sent = {"email": user.email, "password": PASSWORD}
        response = self.client.post(
            "/api/auth/token/", sent, "application/json", headers={"X-Ublog": "1"}
        )
        self.access = response.json()["access"]
        self.refresh_cookie = self.client.cookies[settings.REFRESH_COOKIE_NAME].value

    def authors(self):
        """As whom the access token writes, through each interface for programs."""
        found = []
        for driver in PROGRAMS:
            program = driver()
            program.headers = {"Authorization": f"Bearer {self.access}"}
            try:
                found.append(program.publish("Hello").author)
            except NotAuthenticated:
                found.append(None)
        return found

    def profile(self):
        """Whose page of the own profile the session opens; None for the log-in page."""
        response = self.client.get("/accounts/profile/")
        if response.status_code == 302:
            return None
        return soup(response).select_one("form.profile [name=username]")["value"]

    def refreshed(self):
        """The status of a refresh by the cookie."""
        browser = Client()
        browser.cookies[settings.REFRESH_COOKIE_NAME] = self.refresh_cookie
        kind, headers = "application/json", {"X-Ublog": "1"}
        return browser.post("/api/auth/token/refresh/", {}, kind, headers=headers).status_code


@pytest.fixture
def lost(site, person, tmp_path):
    """A backup, and who was logged in to the site that is lost: since before the backup, and in
    the time after it, of which the backup knows nothing."""
    carol, staff = person("carol", password=PASSWORD), person("sam", password=PASSWORD)
    browsers = [Browser(carol), Browser(staff)]
    backup = make(tmp_path / "backups")
    late = person("late", password=PASSWORD)
    browsers += [Browser(carol), Browser(late)]
    return backup, browsers


def new_users():
    """People who join and log in at the restored site."""
    for name in ("erin", "frank"):
        user = CustomUser.objects.create_user(f"{name}@example.org", PASSWORD, username=name)
        Browser(user)
    Browser(CustomUser.objects.get(username="carol"))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_restored_backup_opens_nobody_s_account(kind, lost, tmp_path):
    backup, browsers = lost
    with elsewhere(kind, tmp_path / "elsewhere"):
        restore(backup)
        assert not TokenFamily.objects.exists()
        assert not Session.objects.exists()
        new_users()
        before = Post.objects.count()
        for browser in browsers:
            assert browser.authors() == [None] * 3
            assert browser.profile() is None
            assert browser.refreshed() == 401
        assert Post.objects.count() == before


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_in_a_move_everybody_stays_logged_in_and_as_themselves(kind, lost, tmp_path):
    backup, browsers = lost
    with elsewhere(kind, tmp_path / "elsewhere"):
        call_command("restore", backup, "--move")
        new_users()
        for browser, name in zip(browsers[:2], ("carol", "sam"), strict=True):
            assert browser.authors() == [name] * 3
            assert browser.profile() == name
            assert browser.refreshed() == 200
        for browser in browsers[2:]:  # of the time after the backup: no move has them
            assert browser.authors() == [None] * 3
            assert browser.profile() is None
            assert browser.refreshed() == 401


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("move", [False, True])
def test_no_id_of_the_lost_time_is_given_again(kind, move, site, alice, bob, tmp_path):
    Group.objects.create(name="before")
    gone = actions.publish(by=alice, body="Deleted before the backup").pk
    actions.delete(post_id=gone, by=alice)
    backup = make(tmp_path / "backups")
    given = [actions.publish(by=alice, body="After the backup").pk for _ in range(3)]
    user, group = CustomUser.objects.create_user("x@example.org").pk, Group.objects.last().pk
    with elsewhere(kind, tmp_path / "elsewhere"):
        restore(backup, move=move)
        assert connection.vendor == kind
        post = actions.publish(by=alice, body="Of the restored site")
        assert post.pk >= max(given) + rows.MARGIN - 100
        assert CustomUser.objects.create_user("y@example.org").pk >= user + rows.MARGIN - 100
        assert group < Group.objects.create(name="after").pk < 2**31
        again = actions.publish(by=alice, body="The next one")
        assert again.pk == post.pk + 1


def test_every_table_goes_on_far_beyond(lost, tmp_path):
    """Also one that was empty, and one whose rows were ended."""
    with elsewhere("sqlite", tmp_path / "elsewhere"):
        restore(lost[0])
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            found = dict(cursor.fetchall())
        with_ids = {
            model._meta.db_table
            for model in rows.tables(connection)
            if isinstance(model._meta.pk, models.AutoField)
        }
        assert with_ids == set(found) - {"django_migrations"}
        assert found["accounts_refreshfamily"] >= rows.MARGIN
        assert found["blog_postlike"] >= rows.MARGIN
        assert found["auth_group"] >= 2_000_000


@pytest.mark.parametrize(
    ("age", "days"), [(timedelta(hours=-3), 1), (timedelta(hours=3), 1), (timedelta(days=30), 31)]
)
def test_the_older_the_backup_the_further_beyond(age, days):
    assert rows.margin(age) == days * rows.MARGIN


def test_ids_stay_within_what_their_column_and_the_app_can_hold():
    last = 0
    for _ in range(1_000):  # as many restores of a backup of a year ago
        last = rows.advanced(last, rows.margin(timedelta(days=365)), 2**31 - 1)
    assert last < 2**31 - 1
    assert rows.advanced(2**31 - 1, rows.MARGIN, 2**31 - 1) == 2**31 - 1
    assert rows.advanced(7, rows.MARGIN, 2**53 - 1) == 7 + rows.MARGIN


def test_what_lets_somebody_in_is_listed():
    """A new kind of grant is added to GRANTS: its model says so here."""
    from django.apps import apps

    tokens = {PersonalToken, AllowedApplication, Grant, AccessToken, RefreshToken}
    assert {apps.get_model(label) for label in GRANTS} == {
        *(Session, TokenFamily, Invitation, Archive),
        *tokens,
    }


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("move", [False, True])
def test_a_restored_backup_ends_tokens_of_programs_and_keeps_the_programs(
    kind, move, site, person, tmp_path
):
    carol = person("carol", password=PASSWORD)
    secret = personal_tokens.make(by=carol, name="cron", scopes=["read"], days=9).secret
    uris = ["https://app.example.org/"]
    application = oauth.register(name="Tea timer", redirect_uris=uris).application
    oauth.allow(user=carol, application=application, scope="read")
    token = AccessToken(
        user=carol, application=application, scope="read", expires=timezone.now() + DAY
    )
    set_token_value(token, "ublog_oauth_x")
    token.save()
    assert oauth.authenticate("ublog_oauth_x").pk == carol.pk
    backup = make(tmp_path / "backups")
    with elsewhere(kind, tmp_path / "elsewhere"):
        restore(backup, move=move)
        assert (personal_tokens.authenticate(secret) is not None) == move
        assert (oauth.authenticate("ublog_oauth_x") is not None) == move
        assert Application.objects.get().client_id == application.client_id
