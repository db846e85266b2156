"""OAuth 2: programs of others register, a user allows them, and they act in the user's name."""

import hashlib
import json
from base64 import b64encode, urlsafe_b64encode
from datetime import timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.apps import apps as django_apps
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from tests.accounts.drivers import OTHER, PASSWORD
from tests.contract.drivers import soup
from tests.contract.exceptions import NotAuthenticated, NotFound
from tests.tokens import bearer
from ublog.accounts import actions, suspension, tasks
from ublog.accounts.models import CustomUser
from ublog.accounts.oauth import actions as oauth
from ublog.accounts.oauth import expiry, secrets
from ublog.accounts.oauth.models import OUT_OF_BAND, AllowedApplication, Application
from ublog.blog.models import Post

CALLBACK = "https://app.example.org/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-000"
JSON = "application/json"


def challenge(verifier=VERIFIER):
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")


class App:
    """A program of somebody else, registered at this site."""

    def __init__(self, scope="read write", uri=CALLBACK, secret=True):
        self.uri, self.client = uri, Client()
        sent = {"client_name": "Tea timer", "redirect_uris": [uri], "scope": scope}
        sent |= {} if secret else {"token_endpoint_auth_method": "none"}
        response = self.client.post("/oauth/register", sent, JSON)
        assert response.status_code == 201, response.content
        self.id, self.secret = (response.json().get(f"client_{n}", "") for n in ("id", "secret"))

    def link(self, **changes):
        """The URL that a browser opens; a field that is None is left out."""
        fields = {
            "response_type": "code",
            "client_id": self.id,
            "redirect_uri": self.uri,
            "scope": "read write",
            "state": "as sent",
            "code_challenge": challenge(),
            "code_challenge_method": "S256",
        } | changes
        return "/oauth/authorize?" + urlencode({k: v for k, v in fields.items() if v is not None})

    def ask(self, browser, allow=True, **changes):
        """Return the response to the button of the page."""
        link = self.link(**changes)
        page = browser.get(link)
        assert page.status_code == 200, page.content
        form = soup(page).select_one("form.allow")
        sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
        return browser.post(link, sent | ({"allow": "True"} if allow else {}))

    def code(self, browser, **changes):
        return query_of(self.ask(browser, **changes))["code"]

    def request_token(self, as_json=False, **fields):
        sent = {"client_id": self.id, "redirect_uri": self.uri, "code_verifier": VERIFIER}
        sent |= {"client_secret": self.secret} if self.secret else {}
        sent |= {"grant_type": "authorization_code"} | fields
        sent = {name: value for name, value in sent.items() if value is not None}
        if as_json:
            return self.client.post("/oauth/token", sent, JSON)
        return self.client.post(
            "/oauth/token", urlencode(sent), "application/x-www-form-urlencoded"
        )

    def tokens(self, browser, **changes):
        response = self.request_token(code=self.code(browser, **changes))
        assert response.status_code == 200, response.content
        return response.json()

    def refresh(self, token):
        return self.request_token(
            grant_type="refresh_token", refresh_token=token, redirect_uri=None, code_verifier=None
        )


def query_of(response):
    assert response.status_code == 302, response.content
    return {name: one[0] for name, one in parse_qs(urlsplit(response["Location"]).query).items()}


def profile(token):
    return Client().get("/api/profile/", headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def browser(carol):
    """Carol's browser, where she is logged in to the pages."""
    client = Client()
    client.force_login(carol)
    return client


@pytest.fixture
def app(db):
    return App()


# -- The usual way -----------------------------------------------------------------------------


@pytest.mark.parametrize("secret", [True, False], ids=["with a secret", "public"])
@pytest.mark.parametrize("as_json", [True, False], ids=["JSON", "form"])
def test_a_program_acts_for_the_user_who_allows_it(carol, browser, secret, as_json):
    app = App(secret=secret)
    sent = query_of(app.ask(browser))
    assert (sent["state"], sent["iss"]) == ("as sent", "http://127.0.0.1:8000")
    response = app.request_token(as_json, code=sent["code"])
    tokens = response.json()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert tokens["scope"] == "read write"
    assert abs(tokens["created_at"] - timezone.now().timestamp()) < 60
    assert tokens["expires_in"] > 300 * 24 * 3600
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert (
        Client().post("/api/cbv/posts/", {"body": "Tea?"}, JSON, headers=headers).status_code == 201
    )
    assert Post.objects.get().created_by == carol
    query = {"query": "{ me { username } }"}
    found = Client().post("/graphql/", query, JSON, headers=headers).json()
    assert found["data"]["me"]["username"] == "carol"


def test_a_client_logs_in_by_basic_authentication(browser, app):
    pair = b64encode(f"{app.id}:{app.secret}".encode()).decode()
    sent = {"grant_type": "authorization_code", "code": app.code(browser), "redirect_uri": CALLBACK}
    body = urlencode(sent | {"code_verifier": VERIFIER})
    kind = "application/x-www-form-urlencoded"
    response = Client().post(
        "/oauth/token/", body, kind, headers={"Authorization": f"Basic {pair}"}
    )
    assert response.status_code == 200


def test_the_page_says_who_asks_for_what_and_may_lead_there(browser, app):
    page = browser.get(app.link())
    text = soup(page).select_one("main").get_text(" ", strip=True)
    assert "Tea timer" in text
    assert "Publish, edit, delete" in text
    assert "the profile with its e-mail address" in text
    assert "app.example.org/callback" in text
    assert "form-action 'self' https://app.example.org;" in page["Content-Security-Policy"] + ";"
    assert page["Cache-Control"] == "no-store"


def test_a_user_who_is_not_logged_in_logs_in_first(db, app):
    response = Client().get(app.link())
    assert response["Location"].startswith("/accounts/login/?next=/oauth/authorize")


def test_a_user_says_no(browser, app):
    assert query_of(app.ask(browser, allow=False)) == {"error": "access_denied", "state": "as sent"}
    assert not Grant.objects.exists()
    assert not AllowedApplication.objects.exists()


def test_a_program_in_a_terminal_gets_a_code_to_type(browser):
    app = App(uri=OUT_OF_BAND)
    page = app.ask(browser)
    assert page.status_code == 200
    code = soup(page).select_one("#code")["value"]
    assert app.request_token(code=code).status_code == 200
    rejected = app.ask(browser, allow=False)
    assert "Nothing was allowed" in soup(rejected).select_one("main").text


def test_a_client_with_a_secret_may_do_without_a_verifier(browser, app):
    code = app.code(browser, code_challenge=None, code_challenge_method=None)
    assert app.request_token(code=code, code_verifier=None).status_code == 200


# -- Scopes ------------------------------------------------------------------------------------


def test_without_a_scope_a_program_reads_only(browser, app):
    token = app.tokens(browser, scope=None)
    assert token["scope"] == "read"
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    response = Client().post("/api/cbv/posts/", {"body": "x"}, JSON, headers=headers)
    assert (response.status_code, 'scope="write"' in response["WWW-Authenticate"]) == (403, True)


def test_a_program_gets_no_scope_that_it_has_not_registered(browser):
    app = App(scope="read")
    assert query_of(browser.get(app.link()))["error"] == "invalid_scope"
    page = browser.get(app.link(scope="read"))
    form = soup(page).select_one("form.allow")
    sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    forged = sent | {"scope": "read write moderate", "allow": "True"}
    assert query_of(browser.post(app.link(scope="read"), forged))["error"] == "invalid_scope"
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    "path",
    [
        *("/oauth/applications", "/oauth/authorized_tokens", "/oauth/introspect"),
        *("/oauth/device-authorization", "/oauth/userinfo", "/oauth/logout"),
        *("/.well-known/openid-configuration", "/.well-known/jwks.json"),
    ],
)
@pytest.mark.parametrize("slash", ["", "/"])
def test_what_else_the_library_has_is_not_there(browser, path, slash):
    assert browser.get(path + slash).status_code == 404


def test_the_secret_of_a_program_costs_no_slow_hash(app):
    """Django's hashers would take a second at each request of a token."""
    assert Application.objects.get().client_secret == secrets.digest(app.secret)


@pytest.mark.parametrize("verb", ["sessions", "personal-tokens", "allowed-applications"])
def test_a_program_sees_nothing_of_the_account_s_access(browser, app, verb):
    token = app.tokens(browser)["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(f"/api/auth/{verb}/", headers=headers).status_code == 403


# -- What is rejected ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "uri",
    [
        *("https://evil.example/callback", f"{CALLBACK}/more", f"{CALLBACK}?a=b", f"{CALLBACK}#a"),
        *("https://app.example.org@evil.example/callback", "http://app.example.org/callback"),
        *("https://app.example.org:444/callback", OUT_OF_BAND, "javascript:alert(1)"),
    ],
)
def test_a_code_goes_to_no_other_address(browser, app, uri, caplog):
    page = browser.get(app.link(redirect_uri=uri))
    assert page.status_code == 400
    assert "Location" not in page
    assert "OAuth request is not valid" in caplog.text
    good = browser.get(app.link())
    form = soup(good).select_one("form.allow")
    sent = {one["name"]: one.get("value", "") for one in form.select("input[name]")}
    forged = browser.post(app.link(), sent | {"redirect_uri": uri, "allow": "True"})
    assert (forged.status_code, "Location" in forged) == (400, False)
    assert not Grant.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
)
def test_a_public_client_needs_a_challenge(browser, changes, error):
    app = App(secret=False)
    response = browser.get(app.link(**changes))
    if response.status_code == 200:  # a method that is checked with the button
        response = app.ask(browser, **changes)
    assert query_of(response)["error"] in (error, "unauthorized_client")
    assert not Grant.objects.exists()


REJECTED = {
    "another verifier": {"code_verifier": "another" * 8},
    "no verifier": {"code_verifier": None},
    "another secret": {"client_secret": "another"},
    "another address": {"redirect_uri": "https://evil.example/"},
    "another code": {"code": "another"},
    "a password": {"grant_type": "password", "username": "carol", "password": PASSWORD},
    "no user": {"grant_type": "client_credentials"},
}


@pytest.mark.parametrize("fields", REJECTED.values(), ids=REJECTED)
def test_a_wrong_request_gets_no_token(browser, app, fields, caplog):
    response = app.request_token(**{"code": app.code(browser), **fields})
    assert response.status_code in (400, 401)
    assert response.json()["error"] in (
        *("invalid_grant", "invalid_client", "invalid_request", "unsupported_grant_type"),
        "unauthorized_client",
    )
    assert not AccessToken.objects.exists()
    if "grant_type" not in fields:
        assert "OAuth client" in caplog.text
        assert app.secret not in caplog.text


def test_a_code_works_once(browser, app):
    code = app.code(browser)
    assert app.request_token(code=code).status_code == 200
    again = app.request_token(code=code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert not AccessToken.objects.exists()


def test_a_code_that_comes_again_ends_what_it_gave(browser, app):
    kept, code = app.tokens(browser), app.code(browser)
    first = app.request_token(code=code).json()
    second = app.refresh(first["refresh_token"]).json()
    assert App().request_token(code=code).status_code == 400
    assert profile(second["access_token"]).status_code == 200
    assert app.request_token(code=code).status_code == 400
    assert profile(second["access_token"]).status_code == 401
    assert app.refresh(second["refresh_token"]).status_code == 400
    assert profile(kept["access_token"]).status_code == 200


def test_a_code_works_for_ten_minutes(browser, app):
    code = app.code(browser)
    assert timedelta(minutes=9) < Grant.objects.get().expires - timezone.now()
    Grant.objects.update(expires=timezone.now())
    assert app.request_token(code=code).status_code == 400


def test_a_code_of_another_program_does_not_work(browser, app):
    assert App().request_token(code=app.code(browser)).status_code == 400
    assert not AccessToken.objects.exists()


def test_a_token_in_a_url_is_ignored(browser, app):
    token = app.tokens(browser)["access_token"]
    assert Client().get(f"/api/profile/?access_token={token}").status_code == 401


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("[]", JSON),
        ("{", JSON),
        ('{"grant_type": 1}', JSON),
        ("grant_type=%00", "application/x-www-form-urlencoded"),
        ("client_id=%00&grant_type=refresh_token", "application/x-www-form-urlencoded"),
        ("", "text/plain"),
    ],
)
@pytest.mark.parametrize("path", ["token", "revoke", "register"])
def test_a_malformed_request_is_an_error_in_json(db, path, body, kind):
    response = Client(raise_request_exception=False).post(f"/oauth/{path}", body, kind)
    assert response.status_code in (400, 401)
    assert "error" in response.json()


def test_the_button_without_its_fields_allows_nothing(browser, app):
    assert browser.post(app.link(), {"allow": "True"}).status_code == 400
    assert not Grant.objects.exists()


# -- Tokens -------------------------------------------------------------------------------------


def test_no_token_is_stored(browser, app):
    tokens = app.tokens(browser)
    stored = json.dumps(
        [list(model.objects.values()) for model in (AccessToken, RefreshToken, Application)],
        default=str,
    )
    for secret in (tokens["access_token"], tokens["refresh_token"], app.secret):
        assert secret not in stored


def test_a_token_costs_one_query(carol, browser, app):
    token = app.tokens(browser)["access_token"]
    profile(token)  # notes the use

    def queries(headers):
        with CaptureQueriesContext(connection) as captured:
            assert Client().get("/api/fbv/posts/", headers=headers).status_code == 200
        return len(captured)

    assert queries({"Authorization": f"Bearer {token}"}) == queries(bearer(carol)) + 1 == 2


def test_a_refresh_replaces_both_tokens(browser, app):
    first = app.tokens(browser)
    second = app.refresh(first["refresh_token"]).json()
    assert second["scope"] == first["scope"]
    assert profile(second["access_token"]).status_code == 200
    assert profile(first["access_token"]).status_code == 401


def test_a_refresh_whose_response_was_lost_is_repeated(browser, app):
    first = app.tokens(browser)["refresh_token"]
    second, again = app.refresh(first).json(), app.refresh(first).json()
    tokens = ("access_token", "refresh_token")
    assert [second[name] for name in tokens] == [again[name] for name in tokens]
    assert profile(again["access_token"]).status_code == 200
    assert app.refresh(again["refresh_token"]).status_code == 200


def test_a_refresh_token_that_comes_again_late_ends_its_family(browser, app):
    first = app.tokens(browser)["refresh_token"]
    second = app.refresh(first).json()
    RefreshToken.objects.exclude(revoked=None).update(revoked=timezone.now() - timedelta(minutes=2))
    assert app.refresh(first).status_code == 400
    assert profile(second["access_token"]).status_code == 401
    assert app.refresh(second["refresh_token"]).status_code == 400


def test_a_refresh_token_is_no_access_token(browser, app):
    assert profile(app.tokens(browser)["refresh_token"]).status_code == 401


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("as_json", [True, False], ids=["JSON", "form"])
def test_a_program_revokes_its_token(browser, app, kind, as_json):
    tokens = app.tokens(browser)
    sent = {"client_id": app.id, "client_secret": app.secret, "token": tokens[kind]}
    response = Client().post("/oauth/revoke", sent, **({"content_type": JSON} if as_json else {}))
    assert (response.status_code, response.json()) == (200, {})
    assert profile(tokens["access_token"]).status_code == 401
    assert app.refresh(tokens["refresh_token"]).status_code == 400


def test_a_program_does_not_revoke_the_token_of_another(browser, app):
    tokens, other = app.tokens(browser), App()
    sent = {"client_id": other.id, "client_secret": other.secret, "token": tokens["access_token"]}
    Client().post("/oauth/revoke", sent)
    assert profile(tokens["access_token"]).status_code == 200


# -- What ends it ------------------------------------------------------------------------------


def end_here(user):
    browser = Client()
    browser.force_login(user)
    id = soup(browser.get("/accounts/profile/")).select_one("li.application")["data-id"]
    assert browser.post(f"/accounts/applications/{id}/end/").status_code == 302


def suspend_here(user):
    moderator = CustomUser.objects.create_user("m@example.org", username="mo", is_staff=True)
    suspension.suspend(username=user.username, by=moderator)


ENDS = {
    "a new password": lambda user: actions.change_password(
        by=user, current_password=PASSWORD, new_password=OTHER
    ),
    "a new e-mail address": lambda user: CustomUser.objects.update(email="new@example.org"),
    "deactivation": lambda user: CustomUser.objects.update(is_active=False),
    "suspension": suspend_here,
    "deletion": lambda user: actions.delete(user=user),
    "the user's profile": end_here,
}


@pytest.mark.parametrize("way", ENDS.values(), ids=ENDS)
def test_what_ends_a_session_ends_what_a_program_may(carol, browser, app, way):
    tokens, code = app.tokens(browser), app.code(browser)
    way(carol)
    response = profile(tokens["access_token"])
    assert (response.status_code, response["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    assert app.refresh(tokens["refresh_token"]).status_code == 400
    assert app.request_token(code=code).status_code == 400


def test_old_tokens_stay_dead_when_the_program_is_allowed_once_more(carol, browser, app):
    old = app.tokens(browser)
    carol.set_password(OTHER)
    carol.save()
    browser.force_login(carol)
    new = app.tokens(browser)
    assert profile(new["access_token"]).status_code == 200
    assert profile(old["access_token"]).status_code == 401
    assert app.refresh(old["refresh_token"]).status_code == 400


@pytest.mark.parametrize("is_new", [False, True], ids=["the same password", "a new password"])
def test_no_link_spares_the_user_the_question(carol, browser, app, is_new):
    app.tokens(browser)
    if is_new:
        carol = ENDS["a new password"](carol)
    browser.force_login(carol)
    page = browser.get(app.link(approval_prompt="auto"))
    assert (page.status_code, "Location" in page) == (200, False)
    assert soup(page).select_one("form.allow")
    assert not Grant.objects.exists()


def test_a_user_lists_and_ends_what_programs_may(interface, carol, browser, app):
    tokens = app.tokens(browser)
    driver = interface()
    driver.log_in(carol.email)
    [(id, shown)] = driver.programs().items()
    assert shown == ("Tea timer", "read, write")
    driver.end_program(id)
    assert driver.programs() == {}
    assert profile(tokens["access_token"]).status_code == 401
    with pytest.raises(NotFound):
        driver.end_program(id)


def test_nobody_sees_or_ends_what_somebody_else_has_allowed(interface, person, browser, app):
    tokens = app.tokens(browser)
    driver = interface()
    with pytest.raises(NotAuthenticated):
        driver.programs()
    driver.log_in(person("dora", password=PASSWORD).email)
    assert driver.programs() == {}
    with pytest.raises(NotFound):
        driver.end_program(AllowedApplication.objects.get().pk)
    assert profile(tokens["access_token"]).status_code == 200


# -- Registration ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("error", "fields"),
    [
        ("invalid_redirect_uri", {"redirect_uris": []}),
        ("invalid_redirect_uri", {"redirect_uris": "https://app.example.org/"}),
        ("invalid_redirect_uri", {"redirect_uris": ["javascript:alert(1)"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["JavaScript:alert(1)"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["data:text/html,x"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["http://app.example.org/"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["https://a@b.example/"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["https://b.example/#x"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["/callback"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["https://b.example/ https://c.example/"]}),
        ("invalid_redirect_uri", {"redirect_uris": ["https://[/"]}),
        ("invalid_client_metadata", {"scope": "read everything"}),
        ("invalid_client_metadata", {"scope": ["read"]}),
        ("invalid_client_metadata", {"client_name": " "}),
        ("invalid_client_metadata", {"client_name": "\u202eevil"}),
        ("invalid_client_metadata", {"client_name": "\x00"}),
        ("invalid_client_metadata", {"token_endpoint_auth_method": "private_key_jwt"}),
    ],
)
def test_a_bad_registration_is_rejected(db, error, fields):
    sent = {"client_name": "Tea", "redirect_uris": [CALLBACK]} | fields
    response = Client().post("/oauth/register", sent, JSON)
    assert (response.status_code, response.json()["error"]) == (400, error)
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    "uri", ["http://127.0.0.1:9999/", "http://localhost/", "org.example.tea:/cb"]
)
def test_a_program_on_the_user_s_own_machine_registers(browser, uri):
    app = App(uri=uri)
    assert app.ask(browser)["Location"].startswith(uri)


def test_a_program_that_nobody_has_allowed_is_deleted_after_a_day(browser, app):
    used, young = App(), App()
    used.tokens(browser)
    Application.objects.exclude(client_id=young.id).update(
        created=timezone.now() - timedelta(days=2)
    )
    assert tasks.purge() == 1
    kept = set(Application.objects.values_list("client_id", flat=True))
    assert kept == {used.id, young.id}


def test_a_program_that_has_only_a_token_for_itself_is_deleted_after_a_day(app):
    application = Application.objects.get()
    AccessToken.objects.create(
        application=application, expires=timezone.now() + timedelta(days=9), token="x", scope="read"
    )
    assert tasks.purge() == 0
    move_back(days=2)
    assert tasks.purge() == 2
    assert counts() == [0, 0, 0, 0, 0]


# -- What has expired --------------------------------------------------------------------------


def move_back(**age):
    """Let everything of OAuth be so much older."""
    for model, names in {
        Application: ["created"],
        AllowedApplication: ["created_on"],
        Grant: ["expires"],
        AccessToken: ["expires"],
        RefreshToken: ["revoked"],
    }.items():
        model.objects.update(**{name: F(name) - timedelta(**age) for name in names})


def counts():
    models = (Application, AllowedApplication, Grant, AccessToken, RefreshToken)
    return [model.objects.count() for model in models]


def test_what_has_expired_is_deleted_by_the_worker(browser, app):
    first = app.tokens(browser)
    second = app.refresh(first["refresh_token"]).json()
    app.code(browser)
    assert counts() == [1, 1, 1, 1, 2]
    assert tasks.purge() == 0
    move_back(days=29)  # the code has expired
    assert tasks.purge() == 1
    assert counts() == [1, 1, 0, 1, 2]
    assert app.refresh(first["refresh_token"]).status_code == 400  # its reuse is still noticed
    assert app.refresh(second["refresh_token"]).status_code == 400
    assert counts() == [1, 1, 0, 0, 2]
    move_back(days=31)
    assert tasks.purge() == 4
    assert counts() == [0, 0, 0, 0, 0]


def test_a_replaced_refresh_token_is_deleted_and_the_one_that_followed_works(browser, app):
    second = app.refresh(app.tokens(browser)["refresh_token"]).json()
    move_back(days=31)
    assert tasks.purge() == 1
    assert counts() == [1, 1, 0, 1, 1]
    assert profile(second["access_token"]).status_code == 200
    assert app.refresh(second["refresh_token"]).status_code == 200


def test_a_token_that_was_never_used_again_ends_a_month_after_its_access(browser, app):
    token = app.tokens(browser)["refresh_token"]
    move_back(days=365 + 29)
    assert tasks.purge() == 0
    assert app.refresh(token).status_code == 200
    move_back(days=365 + 31)
    assert tasks.purge() > 0
    assert counts() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize("table", expiry.TABLES, ids=lambda table: table.__name__)
def test_the_worker_knows_the_columns_of_the_tables(table):
    [model] = [
        one for one in django_apps.get_models() if one._meta.db_table == table._meta.db_table
    ]
    columns = {field.column: field.get_internal_type() for field in model._meta.local_fields}
    known = {field.column: field for field in table._meta.local_fields}
    assert model.__name__ == table.__name__
    assert set(known) <= set(columns)


def test_registrations_and_tokens_are_limited(db, settings):
    settings.LIMITS = settings.LIMITS | {"oauth_app": "1/hour", "oauth_token": "1/hour"}
    App()
    sent = {"client_name": "Tea", "redirect_uris": [CALLBACK]}
    for path, fields in (("register", sent), ("token", {})):
        Client().post(f"/oauth/{path}", fields, JSON)
        response = Client().post(f"/oauth/{path}", fields, JSON)
        assert (response.status_code, "Retry-After" in response) == (429, True)


def test_the_metadata_name_what_is_there(db):
    content = Client().get("/.well-known/oauth-authorization-server").json()
    site = content["issuer"]
    assert content["code_challenge_methods_supported"] == ["S256"]
    for name in ("token", "revocation", "registration", "authorization"):
        path = content[f"{name}_endpoint"].removeprefix(site)
        assert Client().options(path).status_code != 404


def test_the_secrets_that_follow_on_a_refresh_token_are_not_the_token():
    class Request:
        grant_type, refresh_token = "refresh_token", "ublog_refresh_x"

    access, refresh = secrets.new_access_token(Request), secrets.new_refresh_token(Request)
    assert access.removeprefix(secrets.ACCESS) != refresh.removeprefix(secrets.REFRESH)
    assert oauth.authenticate is not None
