"""Tokens that people make for their programs, through every interface: made, used, ended."""

import json
import re
import shutil
import subprocess
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.accounts.drivers import OTHER, PASSWORD, GraphQL, Rest
from tests.contract import drivers
from tests.contract.drivers import soup
from tests.contract.exceptions import Forbidden, Invalid, NotAuthenticated, NotFound, RateLimited
from tests.tokens import bearer
from ublog.accounts import actions, personal_tokens, tasks
from ublog.accounts.models import CustomUser
from ublog.accounts.token_models import PersonalToken
from ublog.blog.models import Post
from ublog.blog.states import PostState
from ublog.core.observability import request_log

PROGRAMS = [driver for driver in drivers.DRIVERS if issubclass(driver, drivers.Bearer)]
in_programs = pytest.mark.parametrize("driver", PROGRAMS, ids=lambda driver: driver.name)
ALL = ["read", "write", "moderate"]


@pytest.fixture
def make(carol):
    """A function that makes a token of Carol, or of somebody else, and returns its text."""

    def made(*scopes, by=carol, days=90):
        return personal_tokens.make(by=by, name="cron", scopes=[*scopes], days=days).secret

    return made


def program(driver, secret):
    """Return a driver that sends this token."""
    one = driver()
    one.headers = {"Authorization": f"Bearer {secret}"}
    return one


def profile(secret):
    """Return the response to the simplest request with a token."""
    return Client().get("/api/profile/", headers={"Authorization": f"Bearer {secret}"})


# -- Made, listed, ended -----------------------------------------------------------------------


def test_a_person_makes_a_token_uses_it_and_ends_it(interface, carol):
    driver = interface()
    driver.log_in(carol.email)
    secret = driver.make_token(name="cron", scopes=["write", "read"])
    assert re.fullmatch("ublog_[A-Za-z0-9]{40}", secret)
    assert profile(secret).json()["username"] == "carol"
    [(id, shown)] = driver.tokens().items()
    assert shown == ("cron", "read, write")
    driver.end_token(id)
    assert driver.tokens() == {}
    assert profile(secret).status_code == 401


def test_the_token_is_not_stored(carol, make):
    secret = make("read")
    stored = PersonalToken.objects.values().get()
    assert secret not in str(stored)
    assert stored["digest"] == personal_tokens.digest_of(secret)


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("scopes", {"scopes": ["admin"]}),
        ("scopes", {"scopes": []}),
        ("name", {"name": ""}),
        ("name", {"name": "x" * 51}),
        ("days", {"days": 0}),
        ("days", {"days": 367}),
    ],
)
def test_a_token_with_a_bad_field_is_not_made(interface, carol, field, fields):
    driver = interface()
    driver.log_in(carol.email)
    with pytest.raises(Invalid) as error:
        driver.make_token(**{"name": "cron", "scopes": ["read"], **fields})
    assert error.value.fields == {field}
    assert not PersonalToken.objects.exists()


def test_a_person_has_at_most_fifty_tokens(interface, carol, settings, make):
    settings.LIMITS = settings.LIMITS | {"personal_token": "1000/day"}
    for _ in range(50):
        make("read")
    driver = interface()
    driver.log_in(carol.email)
    with pytest.raises(Invalid):
        driver.make_token(name="one more", scopes=["read"])
    assert len(driver.tokens()) == 50
    PersonalToken.objects.filter(pk=max(map(int, driver.tokens()))).update(
        expires_on=timezone.now()
    )
    assert driver.make_token(name="in place of that", scopes=["read"])


def test_making_tokens_is_limited(interface, carol, settings):
    settings.LIMITS = settings.LIMITS | {"personal_token": "2/day"}
    driver = interface()
    driver.log_in(carol.email)
    for _ in range(2):
        driver.make_token(name="cron", scopes=["read"])
    with pytest.raises(RateLimited):
        driver.make_token(name="cron", scopes=["read"])


def test_nobody_sees_or_ends_a_token_of_somebody_else(interface, carol, person, make):
    make("read")
    driver = interface()
    with pytest.raises(NotAuthenticated):
        driver.tokens()
    driver.log_in(person("dora", password=PASSWORD).email)
    assert driver.tokens() == {}
    with pytest.raises(NotFound):
        driver.end_token(PersonalToken.objects.get().pk)
    assert PersonalToken.objects.exists()


# -- What it may do ----------------------------------------------------------------------------


@in_programs
def test_a_token_reads_and_writes_as_far_as_its_scopes_go(driver, carol, make):
    post = program(driver, make("write")).publish("Good night")
    assert Post.objects.get(pk=post.id).created_by == carol
    assert program(driver, make("read")).read(post.id).author == "carol"
    with pytest.raises(Forbidden):
        program(driver, make("read", "moderate")).like(post.id)
    with pytest.raises(Forbidden):
        program(driver, make("write")).timeline()
    assert Post.objects.get().like_count == 0


@pytest.mark.parametrize(
    ("scope", "request_"),
    [
        ("read", ("GET", "/api/fbv/posts/", None)),
        ("read", ("HEAD", "/api/cbv/posts/", None)),
        ("read", ("POST", "/graphql/", {"query": "{ posts { edges { node { id } } } }"})),
        ("write", ("POST", "/api/fbv/posts/new/", {"body": "x"})),
        ("write", ("POST", "/api/cbv/posts/", {"body": "x"})),
        ("write", ("PATCH", "/api/profile/", {"bio": "x"})),
        (
            "write",
            (
                *("POST", "/graphql/"),
                {"query": 'mutation { updateProfile(bio: "x") { errors { message } } }'},
            ),
        ),
    ],
)
def test_the_error_names_the_scope_that_is_missing(carol, make, scope, request_):
    method, url, fields = request_
    others = [one for one in ALL if one != scope]
    headers = {"Authorization": f"Bearer {make(*others)}"}
    sent = {} if fields is None else {"data": fields, "content_type": "application/json"}
    response = getattr(Client(), method.lower())(url, headers=headers, **sent)
    assert response.status_code == 403
    if method != "HEAD":
        assert f"the scope {scope}." in response.content.decode()
    if "mutation" not in str(fields):
        assert f'scope="{scope}"' in response["WWW-Authenticate"]
    carol.refresh_from_db()
    assert (carol.bio, Post.objects.count()) == ("", 0)


@in_programs
def test_a_moderator_moderates_by_a_token_of_that_scope_alone(driver, staff, alice, post, make):
    other = post(alice)
    with pytest.raises(Forbidden):
        program(driver, make("read", "write", by=staff)).delete(other.pk)
    assert not program(driver, make("read", "write", by=staff)).read(other.pk).can_delete
    assert Post.objects.filter(pk=other.pk).exists()
    own = post(staff)
    program(driver, make("write", by=staff)).delete(own.pk)
    program(driver, make("write", "moderate", by=staff)).delete(other.pk)
    assert not Post.objects.exists()


@pytest.mark.parametrize("state", [PostState.HELD, PostState.HIDDEN])
@in_programs
def test_a_moderator_s_token_shows_what_is_not_published_by_that_scope_alone(
    driver, staff, post, make, state
):
    first = post()
    one = post(body="Not published", in_reply_to=first, conversation=first.pk, state=state)
    for scopes, body in ((["read"], ""), (["read", "moderate"], "Not published")):
        reader = program(driver, make(*scopes, by=staff))
        shown = [reader.read(one.pk), *reader.replies(first.pk).posts]
        assert [each.body for each in shown] == [body] * 2


@in_programs
def test_the_scope_moderate_makes_nobody_a_moderator(driver, carol, alice, post, make):
    other = post(alice)
    with pytest.raises(Forbidden):
        program(driver, make(*ALL)).delete(other.pk)
    assert Post.objects.exists()


@pytest.mark.parametrize("kind", [Rest, GraphQL])
def test_a_token_changes_nothing_about_the_account(kind, carol, make, everything):
    driver, secret = kind(), make(*ALL)
    driver.access = secret
    token = PersonalToken.objects.get()
    attempts = {
        "change_password": {},
        "ask_for_email": {"email": "new@example.org"},
        "delete_account": {},
        "sessions": {},
        "end_all_sessions": {},
        "tokens": {},
        "make_token": {"name": "more", "scopes": ALL},
        "end_token": {"id": token.pk},
    }
    before = everything(), list(PersonalToken.objects.values("digest"))
    for verb, fields in attempts.items():
        if kind.offers(verb):
            with pytest.raises(Forbidden):
                getattr(driver, verb)(**fields)
    assert (everything(), list(PersonalToken.objects.values("digest"))) == before


def test_a_token_opens_no_page(carol, make):
    headers = {"Authorization": f"Bearer {make(*ALL)}"}
    for page in ("profile", "tokens", "site", "password-change"):
        assert Client().get(f"/accounts/{page}/", headers=headers).status_code == 302


# -- What ends it ------------------------------------------------------------------------------


def end(token):
    actions.change_password(by=token.user, current_password=PASSWORD, new_password=OTHER)


def change_in_admin(token):
    token.user.set_password(OTHER)
    token.user.save()


ENDS = {
    "expiry": lambda token: PersonalToken.objects.update(expires_on=timezone.now()),
    "a new password": end,
    "a new password in the admin": change_in_admin,
    "a new e-mail address": lambda token: CustomUser.objects.update(email="new@example.org"),
    "deactivation": lambda token: CustomUser.objects.update(is_active=False),
    "deletion": lambda token: actions.delete(user=token.user),
    "its end": lambda token: personal_tokens.end(by=token.user, pk=token.pk),
}


@pytest.mark.parametrize("way", ENDS.values(), ids=ENDS)
def test_a_token_that_has_ended_is_401_everywhere(carol, make, way):
    secret = make(*ALL)
    assert profile(secret).status_code == 200
    way(PersonalToken.objects.get())
    headers = {"Authorization": f"Bearer {secret}"}
    for method, url in (
        ("get", "/api/fbv/posts/"),
        ("get", "/api/cbv/posts/"),
        ("post", "/api/fbv/posts/new/"),
        ("get", "/graphql/?query={__typename}"),
    ):
        response = getattr(Client(), method)(url, headers=headers)
        assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
        assert secret not in response.content.decode()


@pytest.mark.parametrize("secret", ["ublog_", "ublog_x", "ublog_" + "x" * 40, "ublog_é"])
def test_an_unknown_token_is_401(db, secret):
    response = Client().get(
        "/api/fbv/posts/", headers={"Authorization": f"Bearer {secret}".encode().decode("latin-1")}
    )
    assert response.status_code == 401


def test_logging_out_everywhere_ends_no_token(carol, make):
    secret = make("read")
    actions.end_all_sessions(by=carol)
    assert profile(secret).status_code == 200


def test_expired_tokens_are_purged(carol, make):
    make("read")
    kept = make("read")
    PersonalToken.objects.exclude(digest=personal_tokens.digest_of(kept)).update(
        expires_on=timezone.now()
    )
    assert tasks.purge() == 1
    assert profile(kept).status_code == 200


# -- What it costs, and what is logged -----------------------------------------------------------


def queries(url, headers):
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(url, headers=headers).status_code == 200
    return len(captured)


@pytest.mark.parametrize("url", ["/api/fbv/posts/", "/api/cbv/posts/", "/graphql/?query={me{bio}}"])
def test_a_token_costs_one_query_more_than_that_of_a_browser(carol, make, url):
    by_token = {"Authorization": f"Bearer {make('read')}"}
    queries(url, by_token)  # notes the use
    browser = queries(url, bearer(carol))
    assert queries(url, by_token) == browser + 1
    if "graphql" not in url:
        assert browser == 1


def test_the_last_use_is_noted_once_an_hour(carol, make):
    secret = make("read")
    profile(secret)
    used = PersonalToken.objects.get().last_used_on
    profile(secret)
    assert PersonalToken.objects.get().last_used_on == used
    long_ago = used - timedelta(hours=2)
    PersonalToken.objects.update(last_used_on=long_ago)
    profile(secret)
    assert PersonalToken.objects.get().last_used_on > long_ago


def test_the_request_log_names_the_user_and_not_the_token(carol, make, rf):
    secret = make("read")
    response = Client().get(
        f"/api/profile/?q={secret}", headers={"Authorization": f"Bearer {secret}"}
    )
    request = response.wsgi_request
    assert request_log.user_id_of(request) == carol.pk
    assert secret not in str(request_log.masked(request))
    assert "ublog_***" in str(request_log.masked(request))


@pytest.mark.skipif(not shutil.which("curl"), reason="needs curl")
def test_the_line_of_the_settings_posts_from_a_shell(live_server, settings, carol):
    settings.SITE_URL = live_server.url
    browser = Client()
    browser.force_login(carol)
    fields = {"name": "cron", "scopes": ["write"], "days": 90}
    page = soup(browser.post("/accounts/tokens/", fields))
    line = page.select_one("textarea.curl").text
    ran = subprocess.run(["sh", "-c", line], capture_output=True, text=True, timeout=60)
    assert json.loads(ran.stdout)["body"] == "Good night", ran.stderr
    assert Post.objects.get().created_by == carol
