"""Apps for Mastodon register and log in by OAuth, as they are: docs/clients.md."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant

from tests.accounts.test_oauth import ENDS, query_of
from tests.contract.drivers import soup
from ublog.accounts.oauth import actions, expiry
from ublog.accounts.oauth.models import OUT_OF_BAND, Application
from ublog.core import site_settings
from ublog.core.models import SiteSettings

ALL = "read write follow push"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
VERIFY = "/api/v1/apps/verify_credentials"


@pytest.fixture(autouse=True)
def fresh_counts():
    cache.clear()


@pytest.fixture
def browser(carol):
    client = Client()
    client.force_login(carol)
    return client


def send(path, sent, kind=FORM, **headers):
    body = json.dumps(sent) if kind == JSON else urlencode(sent, doseq=True)
    return Client().post(path, body, kind, headers=headers)


class App:
    """An app for Mastodon, which sends no verifier and reads its code from the screen."""

    def __init__(self, kind=FORM, slash="", **fields):
        self.kind, self.slash = kind, slash
        sent = {"client_name": "Phone", "redirect_uris": OUT_OF_BAND, "scopes": ALL} | fields
        response = send(f"/api/v1/apps{slash}", sent, kind)
        assert response.status_code == 200, response.content
        self.made = response.json()
        self.keys = {name: self.made[name] for name in ("client_id", "client_secret")}

    def code(self, browser, scope=ALL, **changes):
        sent = {"response_type": "code", "client_id": self.keys["client_id"], "scope": scope}
        sent |= {"redirect_uri": OUT_OF_BAND} | changes
        sent = {name: value for name, value in sent.items() if value}
        link = f"/oauth/authorize{self.slash}?{urlencode(sent)}"
        page = browser.get(link)
        assert page.status_code == 200, page.content
        form = soup(page).select_one("form.allow")
        fields = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
        response = browser.post(link, fields | {"allow": "True"})
        if response.status_code == 302:
            return query_of(response)["code"]
        return soup(response).select_one("#code")["value"]

    def token(self, **fields):
        sent = {"redirect_uri": OUT_OF_BAND, **self.keys, **fields}
        return send(f"/oauth/token{self.slash}", sent, self.kind)

    def tokens(self, browser, **changes):
        code = self.code(browser, **changes)
        response = self.token(grant_type="authorization_code", code=code)
        assert response.status_code == 200, response.content
        return response.json()

    def own_token(self, **fields):
        return self.token(grant_type="client_credentials", **fields)


def get(path, token):
    return Client().get(path, headers={"Authorization": f"Bearer {token}"})


def me(token):
    return get("/api/profile/", token)


# -- The usual way -----------------------------------------------------------------------------


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("kind", [JSON, FORM])
def test_an_app_logs_in_without_a_verifier(carol, browser, kind, slash):
    app = App(kind, slash)
    tokens = app.tokens(browser)
    assert set(tokens["scope"].split()) == set(ALL.split())
    assert tokens["token_type"] == "Bearer"
    assert abs(tokens["created_at"] - timezone.now().timestamp()) < 60
    assert tokens["expires_in"] > timedelta(days=300).total_seconds()
    assert me(tokens["access_token"]).json()["username"] == carol.username
    seen = get(VERIFY + slash, tokens["access_token"]).json()
    assert (seen["name"], seen["scopes"]) == ("Phone", ALL.split())
    assert "client_secret" not in seen
    revoked = send(f"/oauth/revoke{slash}", {**app.keys, "token": tokens["access_token"]}, kind)
    assert (revoked.status_code, revoked.json()) == (200, {})
    assert me(tokens["access_token"]).status_code == 401
    assert get(VERIFY, tokens["access_token"]).status_code == 401


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        (FORM, {"redirect_uris": "https://a.example/cb\norg.phone://cb"}),
        (FORM, {"redirect_uris": "https://a.example/cb org.phone://cb"}),
        (FORM, {"redirect_uris[]": ["https://a.example/cb", "org.phone://cb"]}),
        (JSON, {"redirect_uris": ["https://a.example/cb", "org.phone://cb"]}),
    ],
)
def test_redirect_uris_come_in_many_forms(db, kind, sent):
    sent = {"client_name": "Phone", "website": "https://a.example", **sent}
    made = send("/api/v1/apps", sent, kind).json()
    assert made["redirect_uris"] == ["https://a.example/cb", "org.phone://cb"]
    assert made["redirect_uri"] == "https://a.example/cb\norg.phone://cb"
    assert (made["website"], made["scopes"]) == ("https://a.example", ["read"])
    assert made["id"].isdigit()
    assert made["client_secret_expires_at"] == 0


def test_a_verifier_that_an_app_offers_is_checked(browser):
    app = App()
    code = app.code(browser, code_challenge="a" * 43, code_challenge_method="S256")
    response = app.token(grant_type="authorization_code", code=code, code_verifier="b" * 43)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


def test_a_code_on_the_screen_works_for_ten_minutes(browser):
    app = App()
    code = app.code(browser)
    assert timedelta(minutes=9) < Grant.objects.get().expires - timezone.now()
    Grant.objects.update(expires=timezone.now())
    response = app.token(grant_type="authorization_code", code=code)
    assert (response.status_code, "error" in response.json()) == (400, True)


def test_a_password_is_no_way_to_log_in(carol):
    response = App().token(grant_type="password", username=carol.email, password="x")
    assert (response.status_code, response.json()["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("way", ENDS.values(), ids=ENDS)
def test_what_ends_a_session_ends_the_token(carol, browser, way):
    token = App().tokens(browser)["access_token"]
    way(carol)
    response = get(VERIFY, token)
    assert (response.status_code, "error" in response.json()) == (401, True)


# -- Scopes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("registered", "asked", "granted"),
    [
        (ALL, ALL, ALL),
        (ALL, "read", "read"),
        (ALL, "read:statuses write:media", "read:statuses write:media"),
        ("read:statuses write:media", "read:statuses", "read:statuses"),
        ("read write:statuses", "", "read"),
        ("", "read", "read"),
    ],
)
def test_a_scope_is_granted_as_far_as_it_is_registered(browser, registered, asked, granted):
    tokens = App(scopes=registered).tokens(browser, scope=asked)
    assert set(tokens["scope"].split()) == set(granted.split())


@pytest.mark.parametrize(
    ("registered", "asked"),
    [("read", "write"), ("read:statuses", "read"), (ALL, "moderate"), (ALL, "read:everything")],
)
def test_more_than_that_is_not(browser, registered, asked):
    app = App(scopes=registered)
    sent = {"response_type": "code", "client_id": app.keys["client_id"], "scope": asked}
    response = browser.get(f"/oauth/authorize?{urlencode(sent | {'redirect_uri': OUT_OF_BAND})}")
    assert not Grant.objects.exists()
    assert "form" not in str(soup(response).select_one("main form.allow"))


def test_a_child_does_what_it_says_and_no_more(carol, browser):
    app = App()
    token = app.tokens(browser, scope="read:statuses")["access_token"]
    response = Client().post("/api/v2/media", headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, "scope" in response.json()["error"]) == (403, True)
    assert me(token).status_code == 403  # REST knows parents alone
    parent = app.tokens(browser, scope="write")["access_token"]
    response = Client().post("/api/v2/media", headers={"Authorization": f"Bearer {parent}"})
    assert response.status_code == 422


def test_other_programs_register_and_get_nothing_new(db):
    sent = {"client_name": "Tea", "redirect_uris": ["https://a.example/"]}
    made = send("/oauth/register", sent, JSON).json()
    keys = {name: made[name] for name in ("client_id", "client_secret")}
    response = send("/oauth/token", {**keys, "grant_type": "client_credentials"})
    assert (response.status_code, response.json()["error"]) == (400, "unauthorized_client")
    assert not AccessToken.objects.exists()


# -- The token of an app itself ----------------------------------------------------------------


@pytest.mark.parametrize("kind", [JSON, FORM])
def test_an_app_has_a_token_of_its_own_which_is_nobody(db, kind):
    app = App(kind)
    tokens = app.own_token(scope="read").json()
    assert (tokens["scope"], "refresh_token" in tokens) == ("read", False)
    token = tokens["access_token"]
    assert get(VERIFY, token).json()["name"] == "Phone"
    assert get("/api/v1/instance", token).status_code == 200
    assert me(token).status_code == 401
    upload = Client().post("/api/v2/media", headers={"Authorization": f"Bearer {token}"})
    assert upload.status_code == 401


def test_own_tokens_differ_and_the_old_ones_go(db, no_limits):
    app, other = App(), App()
    tokens = [one.own_token().json()["access_token"] for one in (app, app, other)]
    assert len(set(tokens)) == 3
    for _ in range(actions.OWN_TOKENS):
        app.own_token()
    assert [get(VERIFY, token).status_code for token in tokens] == [401, 401, 200]


def test_own_tokens_need_the_secret_and_expire(db):
    app = App()
    token = app.own_token().json()["access_token"]
    AccessToken.objects.update(expires=timezone.now())
    assert get(VERIFY, token).status_code == 401
    app.keys["client_secret"] = "another"
    response = app.own_token()
    assert (response.status_code, response.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("token", ["", "x", "ublog_oauth_x", "ublog_x", "é"])
def test_any_other_token_is_an_error_in_json(db, token):
    response = get(VERIFY, token)
    assert (response.status_code, "error" in response.json()) == (401, True)


# -- Registration ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"client_name": ""},
        {"client_name": "x" * 61},
        {"redirect_uris": ""},
        {"redirect_uris": "javascript:alert(1)"},
        {"redirect_uris": "http://evil.example/"},
        {"scopes": "read everything"},
        {"scopes": ["read"]},
        {"client_name": {"a": 1}},
    ],
)
def test_a_bad_registration_is_an_error(db, fields):
    sent = {"client_name": "Phone", "redirect_uris": OUT_OF_BAND, **fields}
    response = send("/api/v1/apps", sent, JSON)
    assert response.status_code == 422
    assert response.json()["error"].startswith("Validation failed: ")
    assert not Application.objects.exists()


def test_registrations_are_limited_and_purged(db, settings):
    settings.LIMITS = settings.LIMITS | {"oauth_app": "2/hour"}
    App()
    Application.objects.update(created=timezone.now() - timedelta(days=2))
    latest = App()
    expiry.purge()
    assert Application.objects.get().client_id == latest.keys["client_id"]
    response = send("/api/v1/apps", {"client_name": "Phone"})
    assert (response.status_code, "error" in response.json()) == (429, True)
    assert response["Retry-After"]
    assert response["X-RateLimit-Reset"]


def test_scripts_of_other_sites_may_log_in(db):
    other = {"Origin": "https://phone.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("/api/v1/apps", "/oauth/token", "/oauth/revoke"):
        before = Client().options(path, headers=other)
        assert before["Access-Control-Allow-Origin"] == "*"
        response = send(path, {}, JSON, **other)
        assert response.status_code in (400, 401, 422)
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response


# -- The site ----------------------------------------------------------------------------------


def test_the_metadata_name_what_apps_look_for(db):
    content = Client().get("/.well-known/oauth-authorization-server").json()
    assert set(ALL.split()) <= set(content["scopes_supported"])
    assert "client_credentials" in content["grant_types_supported"]
    assert content["app_registration_endpoint"].endswith("/api/v1/apps")


@pytest.mark.parametrize("slash", ["", "/"])
def test_the_site_describes_itself(db, settings, slash):
    settings.WHO_MAY_JOIN = "approval"
    SiteSettings(rules="Be kind.\n\nNo spam.", welcome="Hello").save()
    site_settings.forget()
    first, second = (Client().get(f"/api/v{n}/instance{slash}").json() for n in (1, 2))
    host = settings.SITE_URL.partition("//")[2]
    assert first["uri"] == second["domain"] == host
    for site in (first, second):
        assert site["version"].startswith("4.2.0 (compatible; μblog ")
        assert [rule["text"] for rule in site["rules"]] == ["Be kind.", "No spam."]
        assert site["configuration"]["statuses"]["max_characters"] == 280
        assert site["configuration"]["statuses"]["max_media_attachments"] == 1
        assert site["configuration"]["media_attachments"]["image_size_limit"] == 16 * 2**20
    assert (first["registrations"], first["approval_required"]) == (True, True)
    assert second["registrations"]["approval_required"] is True
    assert Client().get("/api/v1/instance/rules").json() == first["rules"]


def test_nodeinfo_names_our_own_software(settings, post, alice):
    post(alice)
    (link,) = Client().get("/.well-known/nodeinfo").json()["links"]
    path = link["href"].removeprefix(settings.SITE_URL)
    content = Client().get(path).json()
    assert (content["version"], content["software"]["name"]) == ("2.0", "ublog")
    assert content["usage"] == {"users": {"total": 1}, "localPosts": 1}
    assert content["openRegistrations"] is (settings.WHO_MAY_JOIN == "open")


def test_nobody_learns_how_many_there_are_on_a_members_site(db, post, alice, settings):
    settings.WHO_MAY_READ = "members"
    post(alice)
    assert Client().get("/api/v1/instance").json()["stats"]["status_count"] == 0
    assert Client().get("/nodeinfo/2.0").json()["usage"]["users"]["total"] == 0
