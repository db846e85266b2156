"""A12 and A13: which tokens are of a family, and when cookies are cleared."""

import os
import subprocess
import sys
from datetime import timedelta
from uuid import UUID

import jwt
import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from tests.accounts.drivers import PASSWORD
from tests.accounts.test_tokens import OURS, REFRESH, TOKEN, WRITERS, claims, credentials, post
from tests.contract.drivers import NotAuthenticated
from ublog.accounts import tasks, token_families
from ublog.accounts.models import TokenFamily
from ublog.interfaces.auth.tokens import AccessToken, RefreshToken


def altered(token, key=None, kid="1", **changes):
    """The token with other claims, signed with a key of this site unless another is given."""
    said = claims(str(token)) | {"aud": "ublog", "iss": "ublog"} | changes
    return jwt.encode(said, key or settings.TOKEN_KEYS["1"], "HS256", headers={"kid": kid})


def refreshed(cookie):
    """Return the response to a browser with that refresh cookie."""
    browser = Client(raise_request_exception=False)
    if cookie is not None:
        browser.cookies[settings.REFRESH_COOKIE_NAME] = str(cookie)
    return post(browser, REFRESH, **OURS)


def seconds_from(moment, seconds):
    return int((moment + timedelta(seconds=seconds)).timestamp())


@pytest.fixture(params=WRITERS, ids=lambda driver: driver.name)
def write(request):
    """A function that publishes with that access token, through each interface for programs."""

    def publish(token):
        program = request.param()
        program.headers = {"Authorization": f"Bearer {token}"}
        return program.publish("Hello")

    return publish


# -- A12: names, users, age ------------------------------------------------------------------


def test_a12_a_family_is_named_at_random(carol):
    families = [token_families.start(user=carol) for _ in range(3)]
    assert len({family.name for family in families}) == 3
    for family in families:
        for token in (AccessToken.of(family), RefreshToken.of(family)):
            assert UUID(claims(str(token))["fam"]).version == 4


def test_a12_a_token_of_another_user_writes_nothing(carol, alice, write, rejected):
    family = token_families.start(user=carol)
    assert write(AccessToken.of(family)).author == "carol"
    with rejected(NotAuthenticated):
        write(altered(AccessToken.of(family), user_id=str(alice.pk)))


@pytest.mark.parametrize(("seconds", "accepted"), [(-30, True), (-90, False)])
def test_a12_a_token_older_than_its_family_writes_nothing(carol, write, seconds, accepted):
    family = token_families.start(user=carol)
    token = altered(AccessToken.of(family), iat=seconds_from(family.created_on, seconds))
    if accepted:
        assert write(token).author == "carol"
    else:
        with pytest.raises(NotAuthenticated):
            write(token)


def test_a12_a_clock_that_is_behind_makes_no_token_older_than_its_family(carol):
    """Begun by a machine whose clock is 50 s ahead, and refreshed by this one."""
    family = token_families.start(user=carol)
    ahead = timezone.now() + timedelta(seconds=50)
    TokenFamily.objects.update(created_on=ahead, last_used_on=ahead)
    for _ in range(2):
        family.refresh_from_db()
        assert refreshed(RefreshToken.of(family)).status_code == 200
    family.refresh_from_db()
    assert family.last_used_on == ahead


def test_a12_what_the_release_before_began_is_ended(carol):
    """Its families have no name: no token of this release can be of them."""
    client = Client()
    client.force_login(carol)
    TokenFamily.objects.update(name=None)
    assert not token_families.active(carol).exists()
    assert tasks.purge() == 1
    assert client.get("/accounts/profile/").status_code == 302


def test_old_families_are_ended_in_batches(carol, monkeypatch):
    monkeypatch.setattr(token_families, "BATCH", 2)
    for _ in range(5):
        token_families.start(user=carol)
    TokenFamily.objects.update(expires_on=timezone.now())
    assert tasks.purge() == 5


# -- A13: from the future, and which cookies are cleared -------------------------------------


@pytest.mark.parametrize(("seconds", "status"), [(8, 200), (50, 200), (90, 401)])
def test_a13_a_refresh_token_from_the_future(carol, seconds, status):
    family = token_families.start(user=carol)
    token = altered(RefreshToken.of(family), iat=seconds_from(timezone.now(), seconds))
    response = refreshed(token)
    assert response.status_code == status
    assert bool(response.cookies) == (status == 200)
    assert token_families.active(carol).exists()


NOT_OF_IT = {
    "no cookie": lambda family: None,
    "nonsense": lambda family: "nonsense",
    "an unknown key": lambda family: altered(RefreshToken.of(family), "k" * 40, kid="9"),
    "another key": lambda family: altered(RefreshToken.of(family), "k" * 40),
    "an access token": AccessToken.of,
    "expired": lambda family: altered(RefreshToken.of(family), exp=1_000_000_000),
    "the release before": lambda family: altered(RefreshToken.of(family), fam=family.pk),
    "no name": lambda family: altered(RefreshToken.of(family), fam="alice"),
    "no number": lambda family: altered(RefreshToken.of(family), jti="first"),
    "no moment": lambda family: altered(RefreshToken.of(family), iat="now"),
    "an endless moment": lambda family: altered(RefreshToken.of(family), iat=10**30),
    "the far future": lambda family: altered(RefreshToken.of(family), iat=4_000_000_000),
    "another user": lambda family: altered(RefreshToken.of(family), user_id="999999"),
    "no user": lambda family: altered(RefreshToken.of(family), user_id="alice"),
    "older": lambda family: altered(RefreshToken.of(family), iat=1_000_000_000),
}


@pytest.mark.parametrize("cookie", NOT_OF_IT.values(), ids=NOT_OF_IT)
def test_a13_what_is_not_of_a_family_ends_and_clears_nothing(carol, cookie):
    family = token_families.start(user=carol)
    response = refreshed(cookie(family))
    assert response.status_code == 401
    assert not response.cookies
    assert refreshed(RefreshToken.of(family)).status_code == 200


def test_a13_an_outage_clears_nothing(carol, monkeypatch):
    family = token_families.start(user=carol)

    def fail(**_):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(token_families, "refresh", fail)
    response = refreshed(RefreshToken.of(family))
    assert (response.status_code, bool(response.cookies)) == (503, False)


def change_password(carol):
    carol.set_password("another good password")
    carol.save()


def deactivate(carol):
    carol.is_active = False
    carol.save()


OVER = {
    "ended": token_families.end_all,
    "too old": lambda carol: TokenFamily.objects.update(expires_on=timezone.now()),
    "a new password": change_password,
    "deactivated": deactivate,
    "deleted": lambda carol: carol.delete(),
}


@pytest.mark.parametrize("end", OVER.values(), ids=OVER)
def test_a13_the_cookies_of_a_login_that_is_over_are_cleared(carol, end):
    family = token_families.start(user=carol)
    token = str(RefreshToken.of(family))
    end(carol)
    response = refreshed(token)
    assert response.status_code == 401
    cleared = {name: cookie.value for name, cookie in response.cookies.items()}
    assert cleared == {settings.REFRESH_COOKIE_NAME: "", settings.HINT_COOKIE_NAME: ""}


def test_a13_logging_out_ends_a_family_whose_token_is_from_the_near_future(carol):
    family = token_families.start(user=carol)
    browser = Client()
    token = altered(RefreshToken.of(family), iat=seconds_from(timezone.now(), 50))
    browser.cookies[settings.REFRESH_COOKIE_NAME] = token
    assert post(browser, f"{TOKEN}logout/", **OURS).status_code == 204
    assert not token_families.active(carol).exists()


def test_logging_out_with_a_token_of_another_user_ends_nothing(carol, alice):
    family = token_families.start(user=carol)
    browser = Client()
    token = altered(RefreshToken.of(family), user_id=str(alice.pk))
    browser.cookies[settings.REFRESH_COOKIE_NAME] = token
    assert post(browser, f"{TOKEN}logout/", **OURS).status_code == 204
    assert token_families.active(carol).exists()


# -- Names of cookies ------------------------------------------------------------------------

NAMES = ["SESSION", "CSRF", "REFRESH", "HINT", "BROWSER"]


def cookie_names(url):
    """Read from the settings of such a site: they are fixed at the start."""
    environment = os.environ | {
        "UBLOG_SITE_URL": url,
        "DJANGO_SETTINGS_MODULE": "ublog.settings",
    }
    listed = ", ".join(f"settings.{name}_COOKIE_NAME" for name in NAMES)
    code = f"from django.conf import settings; print({listed})"
    ran = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return ran.stdout.split()


@pytest.mark.parametrize(
    ("url", "prefix"),
    [
        ("http://localhost:8001", "ublog_8001_"),
        ("http://localhost", "ublog_80_"),
        ("https://blog.example.org:8443", "__Host-"),
    ],
)
def test_cookies_of_two_sites_on_one_host_have_other_names(url, prefix):
    """Cookies are shared by all ports: each site would log out the users of the other."""
    parts = ["sessionid", "csrftoken", "refresh", "signed_in", "browser"]
    assert cookie_names(url) == [prefix + part for part in parts]


def test_two_sites_on_one_host_leave_each_other_alone(carol):
    """With the cookies of another site at another port, of the same names but for the port."""
    browser = Client()
    theirs = {"ublog_8001_sessionid": "abc", "ublog_8001_refresh": "abc", "sessionid": "abc"}
    for name, value in theirs.items():
        browser.cookies[name] = value
    assert post(browser, TOKEN, credentials(carol), **OURS).status_code == 200
    assert post(browser, REFRESH, **OURS).status_code == 200
    assert post(browser, f"{TOKEN}logout/", **OURS).status_code == 204
    assert {name: browser.cookies[name].value for name in theirs} == theirs
    assert not token_families.active(carol).exists()


def test_the_app_gets_the_name_of_the_readable_cookie(db, client, carol):
    shell = client.get("/").content.decode()
    assert f'data-hint="{settings.HINT_COOKIE_NAME}"' in shell
    assert 'as="fetch"' in shell
    client.cookies["signed_in"] = "1"  # another site's
    assert 'as="fetch"' in client.get("/").content.decode()
    client.cookies[settings.HINT_COOKIE_NAME] = "1"
    assert 'as="fetch"' not in client.get("/").content.decode()


def test_every_cookie_of_a_log_in_bears_our_names(carol, client):
    fields = {"username": carol.email, "password": PASSWORD}
    client.get("/accounts/login/")
    client.post("/accounts/login/", fields)
    expected = {getattr(settings, f"{name}_COOKIE_NAME") for name in NAMES}
    assert expected <= set(client.cookies)
    assert all(name.startswith("ublog_8000_") for name in expected)
