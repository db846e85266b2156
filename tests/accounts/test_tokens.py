"""A1 to A11: tokens."""

import json
import logging
from datetime import timedelta

import jwt
import pytest
from django.conf import settings as conf
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.accounts.drivers import OTHER, PASSWORD, Pages, Rest
from tests.contract.drivers import DRIVERS, Bearer, NotAuthenticated
from tests.tokens import bearer
from ublog.accounts import tasks, token_families
from ublog.accounts.models import TokenFamily
from ublog.interfaces.auth.tokens import AccessToken

TOKEN, REFRESH, LOGOUT = (f"/api/auth/token/{path}" for path in ("", "refresh/", "logout/"))
OURS = {"X-Ublog": "1"}
WRITERS = [driver for driver in DRIVERS if issubclass(driver, Bearer)]


def credentials(user, password=PASSWORD, **more):
    return {"email": user.email, "password": password, **more}


def post(client, address, data=None, **headers):
    return client.post(address, data or {}, "application/json", headers=headers)


@pytest.fixture
def logged_in(carol, client):
    """The test client, logged in as Carol by the app; `.logged_in` is the response to that."""
    client.logged_in = post(client, TOKEN, credentials(carol), **OURS)
    assert client.logged_in.status_code == 200
    return client


def renew(client, **headers):
    return post(client, REFRESH, **(OURS | headers))


def claims(token):
    return jwt.decode(token, options={"verify_signature": False})


# -- A1 to A4 --------------------------------------------------------------------------------


def test_a1_the_access_token_is_short_and_says_little(logged_in):
    response = logged_in.logged_in
    assert set(response.json()) == {"access"}
    assert response["Cache-Control"] == "no-store"
    said = claims(response.json()["access"])
    assert said["exp"] - said["iat"] <= 300
    assert set(said) == {"token_type", "exp", "iat", "jti", "user_id", "aud", "iss", "fam"}


def test_a1_the_refresh_token_is_in_no_body(logged_in):
    for response in (logged_in.logged_in, renew(logged_in)):
        assert response.cookies[conf.REFRESH_COOKIE_NAME].value not in response.content.decode()
        assert set(response.json()) == {"access"}
        assert response["Cache-Control"] == "no-store"


def attributes(cookie):
    return {name: value for name, value in cookie.items() if value}


def test_a2_the_cookie_on_plain_http(logged_in, carol):
    cookie = attributes(logged_in.logged_in.cookies[conf.REFRESH_COOKIE_NAME])
    assert (cookie.pop("httponly"), cookie.pop("samesite"), cookie.pop("path")) == (
        True,
        "Strict",
        "/",
    )
    assert 13 * 86_400 < cookie.pop("max-age") <= 14 * 86_400
    assert set(cookie) == {"expires"}
    hint = logged_in.logged_in.cookies[conf.HINT_COOKIE_NAME]
    assert (hint.value, hint["httponly"]) == (str(carol.pk), "")


def test_a2_the_cookie_on_https(settings, carol, client):
    settings.HTTPS, settings.REFRESH_COOKIE_NAME = True, "__Host-refresh"
    response = post(client, TOKEN, credentials(carol))
    cookie = response.cookies["__Host-refresh"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Strict")
    assert (cookie["path"], cookie["domain"]) == ("/", "")


def test_a3_refresh_reads_only_the_cookie(logged_in):
    token = logged_in.cookies[conf.REFRESH_COOKIE_NAME].value
    bare = Client()
    assert renew(bare).status_code == 401
    data = {"refresh": token, "token": token}
    assert post(bare, REFRESH, data, **OURS).status_code == 401
    assert post(bare, f"{REFRESH}?refresh={token}", **OURS).status_code == 401
    assert renew(bare, Authorization=f"Bearer {token}").status_code == 401
    assert logged_in.get(REFRESH, headers=OURS).status_code == 405
    assert renew(logged_in).status_code == 200


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://testserver:8001"},
    {"Origin": "https://testserver"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
@pytest.mark.parametrize("address", [TOKEN, REFRESH, LOGOUT, "/api/auth/register/"])
def test_a4_nothing_from_elsewhere_is_allowed(logged_in, carol, headers, address):
    before = TokenFamily.objects.values().get()
    data = credentials(carol) | {"username": "dora", "email": "dora@example.org"}
    response = post(logged_in, address, data, **OURS, **headers)
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response
    assert TokenFamily.objects.values().get() == before
    assert renew(logged_in).status_code == 200, "the token is not used up"


@pytest.mark.parametrize("address", [TOKEN, REFRESH, LOGOUT, "/api/auth/register/"])
@pytest.mark.parametrize(
    "kind", ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"]
)
def test_a4_nothing_but_json_is_taken(logged_in, carol, address, kind):
    sent = json.dumps(credentials(carol)) + "\r\n--x--"
    response = logged_in.post(address, sent, kind, headers=OURS)
    assert response.status_code == 403
    assert TokenFamily.objects.get().position == 1


@pytest.mark.parametrize("address", [REFRESH, LOGOUT])
@pytest.mark.parametrize("headers", [{}, {"X-Ublog": "0"}], ids=str)
def test_a4_what_acts_on_the_cookie_needs_our_header(logged_in, address, headers):
    assert post(logged_in, address, **headers).status_code == 403
    assert TokenFamily.objects.get().position == 1


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}], ids=str
)
def test_a4_a_program_and_our_own_pages_get_a_token(carol, client, headers):
    assert post(client, TOKEN, credentials(carol), **headers).status_code == 200


def test_a_program_gets_tokens_and_no_session(carol, client):
    post(client, TOKEN, credentials(carol))
    assert conf.SESSION_COOKIE_NAME not in client.cookies
    assert renew(client).status_code == 200


def test_a_program_may_ask_for_a_token_and_nothing_else(carol, client):
    response = post(client, TOKEN, credentials(carol, cookies=False))
    assert not response.cookies
    driver = WRITERS[0]()
    driver.headers = {"Authorization": f"Bearer {response.json()['access']}"}
    assert driver.publish("Hello").author == "carol"
    later = timezone.now() + timedelta(minutes=10)
    assert TokenFamily.objects.filter(expires_on__lt=later).exists()


# -- A5: families ----------------------------------------------------------------------------


def at(client, cookie):
    """A browser that still has that cookie."""
    other = Client()
    other.cookies[conf.REFRESH_COOKIE_NAME] = cookie
    return renew(other)


def test_a5_each_token_makes_one_successor(logged_in):
    first = logged_in.cookies[conf.REFRESH_COOKIE_NAME].value
    second = renew(logged_in).cookies[conf.REFRESH_COOKIE_NAME].value
    assert at(logged_in, first).cookies[conf.REFRESH_COOKIE_NAME].value == second, "the second tab"
    assert at(logged_in, second).status_code == 200


def test_a5_a_token_whose_successor_is_used_too_is_a_conflict(logged_in):
    first = logged_in.cookies[conf.REFRESH_COOKIE_NAME].value
    renew(logged_in)
    renew(logged_in)
    response = at(logged_in, first)
    assert response.status_code == 409
    assert not response.cookies
    assert renew(logged_in).status_code == 200, "nothing is revoked"


@pytest.mark.parametrize("uses", [1, 2, 3])
def test_a5_a_token_that_comes_back_late_ends_the_family(logged_in, uses, caplog, monkeypatch):
    first = logged_in.cookies[conf.REFRESH_COOKIE_NAME].value
    for _ in range(uses):
        renew(logged_in)
    monkeypatch.setattr(token_families, "GRACE", 0)
    caplog.clear()
    caplog.set_level(logging.WARNING, logger="ublog")
    assert at(logged_in, first).status_code == 401
    warnings = [record for record in caplog.records if record.name.startswith("ublog")]
    assert len(warnings) == 1
    assert first not in caplog.text
    assert not TokenFamily.objects.exists()
    response = renew(logged_in)
    assert response.status_code == 401, "the thief's and the owner's alike"
    assert (
        response.cookies[conf.REFRESH_COOKIE_NAME].value,
        response.cookies[conf.HINT_COOKIE_NAME].value,
    ) == ("", "")
    assert logged_in.get("/accounts/profile/").status_code == 302


def test_a5_what_is_stored_is_no_token(logged_in):
    token = logged_in.cookies[conf.REFRESH_COOKIE_NAME].value
    stored = repr(list(TokenFamily.objects.values()))
    assert not any(part in stored for part in token.split("."))


def test_a5_a_move_logs_nobody_out(logged_in):
    """The rows of a backup may be some refreshes behind the tokens."""
    renew(logged_in)
    renew(logged_in)
    TokenFamily.objects.update(position=1, uses=[])
    assert renew(logged_in).status_code == 200
    assert renew(logged_in).status_code == 200


# -- A6, A7 ----------------------------------------------------------------------------------


def test_a6_a_login_ends_after_14_idle_days(logged_in):
    family = TokenFamily.objects.get()
    assert family.expires_on - family.last_used_on == timedelta(days=14)
    TokenFamily.objects.update(expires_on=timezone.now())
    assert renew(logged_in).status_code == 401


def test_a6_a_login_ends_after_30_days_however_often_used(logged_in):
    TokenFamily.objects.update(created_on=timezone.now() - timedelta(days=29))
    assert renew(logged_in).status_code == 200
    family = TokenFamily.objects.get()
    assert family.expires_on == family.created_on + timedelta(days=30)
    assert logged_in.cookies[conf.REFRESH_COOKIE_NAME]["max-age"] <= 86_400
    TokenFamily.objects.update(created_on=timezone.now() - timedelta(days=31))
    renew(logged_in)
    assert renew(logged_in).status_code == 401


def test_a6_what_is_spent_is_purged(logged_in):
    TokenFamily.objects.update(expires_on=timezone.now() - timedelta(seconds=1))
    assert tasks.purge() == 1
    assert not TokenFamily.objects.exists()
    assert not Session.objects.exists()
    assert "ublog.accounts.tasks.purge" in {
        entry["task"] for entry in conf.CELERY_BEAT_SCHEDULE.values()
    }


def test_a7_logging_out_clears_the_cookies_and_ends_the_family(logged_in):
    token, set_with = (
        logged_in.cookies[conf.REFRESH_COOKIE_NAME].value,
        logged_in.logged_in.cookies[conf.REFRESH_COOKIE_NAME],
    )
    response = post(logged_in, LOGOUT, **OURS)
    assert (response.status_code, response.content) == (204, b"")
    cleared = response.cookies[conf.REFRESH_COOKIE_NAME]
    assert (cleared.value, cleared["max-age"]) == ("", 0)
    for name in ("path", "samesite", "httponly", "secure"):
        assert cleared[name] == set_with[name]
    assert response.cookies[conf.HINT_COOKIE_NAME].value == ""
    assert at(logged_in, token).status_code == 401
    assert logged_in.get("/accounts/profile/").status_code == 302, "on the pages, too"


def test_a7_logging_out_twice_is_no_error(logged_in):
    assert post(logged_in, LOGOUT, **OURS).status_code == 204
    assert post(logged_in, LOGOUT, **OURS).status_code == 204


def test_logging_out_of_the_pages_signs_the_app_out(carol):
    browser = Pages()
    browser.log_in(carol.email)
    assert renew(browser.client).status_code == 200
    token = browser.client.cookies[conf.REFRESH_COOKIE_NAME].value
    browser.log_out()
    assert at(browser.client, token).status_code == 401
    assert browser.client.cookies[conf.REFRESH_COOKIE_NAME].value == ""


def test_the_admin_logs_in_to_all(staff, client):
    staff.set_password(PASSWORD)
    staff.save()
    client.post("/admin/login/", {"username": staff.email, "password": PASSWORD, "next": "/admin/"})
    assert client.get("/admin/").status_code == 200
    assert renew(client).status_code == 200


def test_logging_in_again_in_a_browser_ends_what_was_there(carol, alice, client):
    alice.set_password(OTHER)
    alice.save()
    post(client, TOKEN, credentials(carol), **OURS)
    post(client, TOKEN, credentials(alice, OTHER), **OURS)
    assert TokenFamily.objects.get().user == alice
    client.force_login(alice)
    assert TokenFamily.objects.count() == Session.objects.count() == 1


# -- A8: revocation --------------------------------------------------------------------------


def new_password(user):
    user.set_password(OTHER)
    user.save()


def new_email(user):
    user.email = "other@example.org"
    user.save()


def deactivate(user):
    user.is_active = False
    user.save()


ENDS = {
    "password": new_password,
    "e-mail": new_email,
    "deactivated": deactivate,
    "deleted": lambda user: user.delete(),
    "logged out everywhere": token_families.end_all,
    "in the database": lambda user: type(user).objects.update(password="x"),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
@pytest.mark.parametrize("driver_class", DRIVERS, ids=lambda driver_class: driver_class.name)
def test_a8_a_user_who_changed_writes_no_more(carol, post, driver_class, end, everything):
    """Through the interfaces, the admin or the shell alike."""
    driver, id = driver_class(carol), post(carol).pk
    driver.like(id)
    end(carol)
    before = everything()
    for write in (
        lambda: driver.edit(id, body="Changed"),
        lambda: driver.like(id),
        lambda: driver.unlike(id),
        lambda: driver.delete(id),
    ):
        with pytest.raises(NotAuthenticated):
            write()
    if issubclass(driver_class, Bearer):
        with pytest.raises(NotAuthenticated):
            driver.publish("Hello")
        driver.timeline()  # may still read, for the minutes that the token lasts
    assert everything() == before


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a8_every_family_and_session_is_dead(carol, end):
    page, app = Pages(), Rest()
    for browser in (page, app):
        browser.log_in(carol.email)
    end(carol)
    with pytest.raises(NotAuthenticated):
        app.refresh()
    for browser in (page, app):
        with pytest.raises(NotAuthenticated):
            browser.me()


def test_a8_a_write_costs_no_query_more(carol, post, django_assert_num_queries):
    from ublog.accounts.models import CustomUser
    from ublog.interfaces.auth.authentication import TokenUser

    viewer = TokenUser(AccessToken.of(token_families.start(user=carol)))
    with django_assert_num_queries(1):
        assert CustomUser.objects.get_active(viewer) == carol


# -- A9 to A11 -------------------------------------------------------------------------------


@pytest.mark.parametrize("driver_class", WRITERS, ids=lambda driver_class: driver_class.name)
def test_a9_a_token_costs_no_query(carol, post, driver_class, django_assert_num_queries):
    post(carol)
    for user in (None, carol):
        driver = driver_class(user)
        with django_assert_num_queries(1):
            driver.timeline()


def forged(user, *, key=None, headers=None, algorithm="HS256", **changes):
    family = token_families.start(user=user)
    content = AccessToken.of(family).payload | {"aud": "ublog", "iss": "ublog"} | changes
    content = {name: value for name, value in content.items() if value is not None}
    key = conf.TOKEN_KEYS["1"] if key is None else key
    return jwt.encode(content, key, algorithm, headers={"kid": "1"} if headers is None else headers)


FORGERIES = {
    "another key": {"key": "k" * 40},
    "none": {"key": "", "algorithm": "none"},
    "another algorithm": {"algorithm": "HS512", "key": "k" * 64},
    "another algorithm, our key": {"algorithm": "HS384", "key": conf.TOKEN_KEYS["1"] * 2},
    "the secret key": {"key": conf.SECRET_KEY},
    "unknown key id": {"headers": {"kid": "9"}},
    "no key id": {"headers": {}},
    "odd key id": {"headers": {"kid": "../../1"}},
    "audience": {"aud": "other"},
    "no audience": {"aud": None},
    "issuer": {"iss": "other"},
    "no issuer": {"iss": None},
    "expired": {"exp": 1_000_000_000},
    "no end": {"exp": None},
    "from the future": {"iat": 4_000_000_000},
    "refresh": {"token_type": "refresh"},
    "no type": {"token_type": None},
    "no user": {"user_id": None},
    "odd user": {"user_id": "alice"},
    "no family": {"fam": None},
    "odd family": {"fam": [1]},
    "a number for a family": {"fam": 1},
    "no name for a family": {"fam": "1"},
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("address", ["/api/fbv/posts/", "/api/cbv/posts/", "/graphql/"])
def test_a10_a_forged_token_is_a_401(carol, client, forgery, address):
    header = {"Authorization": f"Bearer {forged(carol, **forgery)}"}
    response = client.get(address, {"query": "{ __typename }"}, headers=header)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a10_a_good_token_is_none(carol, client):
    """The token that the forged ones differ from is accepted."""
    header = {"Authorization": f"Bearer {forged(carol)}"}
    assert client.get("/api/profile/", headers=header).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer a.b.c", "Token x", "Bearer " + "a" * 100_000, "Bearer ä.ö.ü"]
)
@pytest.mark.parametrize(
    "address",
    [
        *("/api/fbv/posts/", "/api/cbv/posts/", "/api/profile/", "/api/users/carol/"),
        "/graphql/?query={__typename}",
    ],
)
def test_a10_nonsense_is_a_401(carol, client, header, address):
    response = client.get(address, headers={"Authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "cookie", ["", "nonsense", "a.b.c", "x" * 100_000, "access", "forged"], ids=lambda c: c[:9]
)
def test_a10_a_bad_refresh_cookie_is_a_401(carol, client, cookie):
    family = token_families.start(user=carol)
    if cookie == "access":
        cookie = str(AccessToken.of(family))
    elif cookie == "forged":
        cookie = forged(carol, token_type="refresh", jti="1", key="k" * 40)
    client.cookies[conf.REFRESH_COOKIE_NAME] = cookie
    response = renew(client)
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")


def test_a11_keys_are_rolled_without_a_single_401(carol, client, settings):
    old, new = {"1": conf.TOKEN_KEYS["1"]}, {"2": "n" * 32}
    post(client, TOKEN, credentials(carol), **OURS)
    held = bearer(carol)
    for keys in (old | new, new | old):
        settings.TOKEN_KEYS = keys
        assert renew(client).status_code == 200
        assert client.get("/api/profile/", headers=held).status_code == 200
    fresh = renew(client).json()["access"]
    assert jwt.get_unverified_header(fresh)["kid"] == "2"
    settings.TOKEN_KEYS = new
    assert renew(client).status_code == 200
    assert client.get("/api/profile/", headers=held).status_code == 401


def test_a11_a_clock_may_be_ten_seconds_off(carol, client):
    for iat, status in ((8, 200), (30, 401)):
        token = forged(carol, iat=int(timezone.now().timestamp()) + iat)
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/api/profile/", headers=headers).status_code == status


@pytest.mark.parametrize(
    ("url", "warned"),
    [
        ("http://blog.example.org", True),
        ("https://blog.example.org", False),
        ("http://localhost:8000", False),
        ("http://[::1]:8000", False),
    ],
)
def test_a2_a_site_on_plain_http_is_warned_of_at_its_start(
    settings, caplog, monkeypatch, url, warned
):
    import importlib

    monkeypatch.setattr("django.core.wsgi.get_wsgi_application", lambda: None)
    import ublog.wsgi

    settings.SITE_URL, settings.HTTPS = url, url.startswith("https")
    caplog.clear()
    importlib.reload(ublog.wsgi)
    assert ("plain http" in caplog.text) == warned
