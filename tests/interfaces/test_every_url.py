"""What holds for every URL of the site: headers, bad bytes, too many bytes, and privacy."""

import re
from itertools import product

import pytest
from django.test import Client

from tests.architecture.test_urls import URLS
from tests.contract.drivers import soup
from tests.contract.records import MARKS
from tests.pictures import picture
from tests.tokens import bearer
from ublog.blog import actions
from ublog.core.request_size import MAX_REQUEST
from ublog.interfaces.pages.site import environment

JSON = "application/json"
API = ("/api/", "/graphql/")
every_url = pytest.mark.parametrize("url", URLS)


@pytest.fixture
def visitor(db):
    """Return a client that gets an error 500 as a response, as users do."""
    return Client(raise_request_exception=False)


@pytest.fixture
def seven(alice, decoded):
    """Publish the post with the id 7, which the URLs of URLS name, with an image."""
    made = actions.publish(by=alice, body="Look", image=picture(), image_alt="A wall")
    type(made).objects.filter(pk=made.pk).update(id=7)
    return made


def content(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


@every_url
def test_head_is_get_without_a_body(visitor, alice, seven, url):
    for accept, headers in product(("text/html", JSON, "*/*"), ({}, bearer(alice))):
        get, head = (
            visitor.generic(method, url, headers={"Accept": accept, **headers})
            for method in ("GET", "HEAD")
        )
        assert head.status_code == get.status_code, accept
        assert head.get("Content-Type") == get.get("Content-Type")
        content(get)
        assert content(head) == b""


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("url", [url for url in URLS if url.endswith("/") and url != "/"])
def test_a_write_without_the_last_slash_is_sent_again_as_it_was(visitor, url, method):
    response = visitor.generic(method, url[:-1] + "?a=b", b"{}", JSON)
    if url.startswith("/admin/"):  # its own redirect, to the login
        assert response.status_code in (302, 308)
    else:
        assert (response.status_code, response["Location"]) == (308, f"{url}?a=b")


def test_a_read_without_the_last_slash_is_redirected_as_ever(visitor):
    assert visitor.get("/api/fbv/posts").status_code == 301


# -- F3: headers ----------------------------------------------------------------------------

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_OURS = ["/nowhere/", "/api/nowhere/", "/static/nowhere.js", "/media/nowhere.png", "/%00"]


def check_headers(response, https=False):
    assert {name: response.get(name) for name in HEADERS} == HEADERS
    # Pages with a token in their URL send only their origin.
    assert response["Referrer-Policy"] in ("same-origin", "strict-origin")
    assert "camera=()" in response["Permissions-Policy"]
    policy = response["Content-Security-Policy"]
    rules = dict(rule.partition(" ")[::2] for rule in policy.split("; "))
    scripts = rules.get("script-src", rules["default-src"])
    assert "unsafe" not in scripts
    assert "http" not in policy
    assert ("Strict-Transport-Security" in response) == https


@pytest.mark.parametrize("url", URLS + NOT_OURS)
def test_f3_every_response_has_the_headers(visitor, seven, url):
    for method in ("GET", "POST", "DELETE", "OPTIONS", "TRACE"):
        response = visitor.generic(method, url, headers={"Accept": "text/html"})
        assert response.status_code < 500, method
        check_headers(response)
        content(response)


def test_f3_images_and_static_files_have_the_headers(seven, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("a {}")
    for url in (seven.image_info["url"], "/static/a.css"):
        response = Client().get(url)
        assert (response.status_code, len(content(response)) > 0) == (200, True)
        check_headers(response)


def test_f3_an_error_500_has_the_headers(visitor, monkeypatch):
    monkeypatch.setattr("ublog.operations.health.background_work", lambda: 1 / 0)
    response = visitor.get("/health/ready/")
    assert response.status_code == 500
    check_headers(response)


@pytest.fixture
def unprepared(settings, tmp_path):
    """Let the site have no static files: `collectstatic` was not run."""

    def forget():
        for kept in (environment.built_asset_url, *environment.CACHED_FUNCTIONS.values()):
            kept.cache_clear()

    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "ublog.core.storage.static.StaticFiles"}
    }
    forget()
    yield
    forget()


def test_without_static_files_a_page_is_a_readable_error(visitor, unprepared):

    response = visitor.get("/fbv/posts/")
    assert response.status_code == 500
    assert b"Back to the posts" in response.content


@pytest.mark.parametrize("url", ["/fbv/posts/", "/api/fbv/posts/", "/media/x.png", "/static/x"])
def test_f1_another_host_is_rejected_with_the_headers(visitor, settings, url):
    for redirect in (False, True):
        settings.SECURE_SSL_REDIRECT = redirect
        response = Client().get(url, headers={"Host": "evil.example"})
        assert response.status_code == 400
        check_headers(response)


def test_f3_https_is_required_from_then_on(db, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31_536_000, True
    browser = Client()
    response = browser.get("/fbv/posts/")
    assert (response.status_code, response["Location"]) == (301, "https://testserver/fbv/posts/")
    check_headers(response)
    assert browser.post("/api/fbv/posts/new/").status_code == 308
    for url in ("/fbv/posts/", "/nowhere/", "/media/nowhere.png", "/api/fbv/posts/"):
        check_headers(browser.get(url, secure=True), https=True)
    check_headers(browser.get("/", secure=True, headers={"Host": "evil.example"}), https=True)


# -- C5: bad bytes --------------------------------------------------------------------------


def texts(value: str) -> bytes:
    """Return members of a JSON object: the value, for each field that may be sent as text."""
    return ", ".join(
        f'"{name}": {value}' for name in ("body", "email", "query", "bio", "note")
    ).encode()


BAD = {
    "NUL": (b"{%b}" % texts(r'"a\u0000b"'), JSON),
    "half a pair": (b"{%b}" % texts(r'"\ud800"'), JSON),
    "not a number": (b"{%b}" % texts("NaN"), JSON),
    "10^400": (b"{%b}" % texts("1" + "0" * 400), JSON),
    "1e400": (b"{%b}" % texts("1e400"), JSON),
    "invalid UTF-8": (b"{%b}" % texts('"?"').replace(b"?", b"\xff\xfe"), JSON),
    "deep JSON": (b"[" * 60_000, JSON),
    "deep JSON that ends": (b'{"body":' * 7_000 + b"1" + b"}" * 7_000, JSON),
    "bytes": (bytes(range(256)), "application/octet-stream"),
    "another type": (b"<body/>", "application/xml"),
    "a malformed form": (b"\xff\0", "multipart/form-data; boundary=x"),
    "no boundary": (b"body=a", "multipart/form-data"),
    "a bad form": (b"body=%ff%00&email=%00&%", "application/x-www-form-urlencoded"),
    "an odd charset": (b"{%b}" % texts("[]"), "application/json; charset=nonsense"),
}
METHODS = ("POST", "PUT", "PATCH")
PAGES = {"/api/docs/", "/api/redoc/", "/api/schema/"}
# URLs that do not read the body.
NO_BODY = re.compile(
    rf"/({'|'.join(MARKS)}|mute|delete|logout|refresh)/|/sessions/[0-9a-f-]{36}/|/accounts/sessions/"
    r"|/profile/data/$|/api/v1/(statuses|accounts)/\w+/\w+$|/api/v1/markers$"
)
MASTODON = ("/api/v1/", "/api/v2/")
# What has no field of a profile, so that a PATCH of it changes nothing.
NO_FIELD = {
    "/api/profile/": {"a malformed form", "a bad form"},
    "/api/v1/accounts/update_credentials": {
        *("a malformed form", "a bad form", "bytes", "another type"),
    },
}


@every_url
def test_c5_bad_bytes_are_rejected_at_every_url(visitor, alice, seven, everything, url):
    before = everything()
    api = url.startswith(API) and url not in PAGES
    visitor.force_login(alice)
    headers = bearer(alice) if api else {}
    for (what, (sent, kind)), method in product(BAD.items(), METHODS if api else ["POST"]):
        # A form that is malformed is parsed as one without fields.
        fieldless = NO_FIELD.get(url, {"a malformed form"})
        if method != "PATCH" or what not in fieldless:
            response = visitor.generic(method, url, sent, kind, headers=headers)
            details = (what, method, response.status_code, content(response)[:200])
            assert response.status_code < 500, details
            if api and not NO_BODY.search(url):
                expected = (404, 422) if url.startswith(MASTODON) else ()
                assert response.status_code in (400, 401, 403, 405, 415, *expected), details
                assert response["Content-Type"].startswith(JSON), details
    if not NO_BODY.search(url):
        assert everything() == before


@every_url
def test_c5_bad_query_strings_are_no_server_error(visitor, alice, seven, url):
    for query in (
        "q=%00",
        "q=%ff",
        "cursor=%00",
        "cursor=%ff%fe",
        "page_size=1e400",
        "author=%ed%a0",
    ):
        response = visitor.get(f"{url}?{query}")
        assert response.status_code < 500
        content(response)


# -- C6: too many bytes ---------------------------------------------------------------------


@every_url
def test_c6_too_large_a_request_is_a_413(visitor, url, everything):
    before = everything()
    size = {"CONTENT_LENGTH": str(MAX_REQUEST + 1)}
    response = visitor.generic("POST", url, b"{}", JSON, **size)
    assert response.status_code == 413
    if url == "/graphql/":
        assert [error["message"] for error in response.json()["errors"]] == ["This is too large."]
    elif url.startswith(API):
        name = "error" if url.startswith(MASTODON) else "detail"
        assert response.json() == {name: "This is too large."}
    else:
        assert "Too large" in soup(response).h1.text
    check_headers(response)
    assert everything() == before


@pytest.mark.parametrize(
    "url", ["/api/fbv/posts/new/", "/api/cbv/posts/", "/graphql/", "/api/auth/token/"]
)
def test_c6_too_much_text_is_a_413_in_json(visitor, alice, url):
    text = b'{"query": "' + b"a" * 3 * 2**20 + b'"}'
    response = visitor.generic("POST", url, text, JSON, headers=bearer(alice))
    assert response.status_code == 413
    assert response["Content-Type"].startswith(JSON)


def test_c6_too_much_text_in_a_form_is_a_413_page(visitor):
    for root in ("/fbv/posts/", "/cbv/posts/"):
        response = visitor.post(f"{root}new/", {"body": "a" * 3 * 2**20})
        assert response.status_code == 413
        assert "Too large" in soup(response).h1.text


# -- C10: privacy ---------------------------------------------------------------------------

CANARY = "canary-4711"
ADDRESS = "198.51.100.23"
PRIVATE = [CANARY, ADDRESS, "2003-03-03", "3 Mar 2003", "md5$", "argon2"]


@pytest.fixture
def canaries(alice, bob, seven):
    """Give two users private data that a test finds wherever it appears."""
    for user in (alice, bob):
        user.email = f"{user.username}.{CANARY}@example.org"
        user.password = f"md5${CANARY}${CANARY}"
        user.last_login = "2003-03-03T03:03:03Z"
        user.save()
    actions.like(post_id=7, by=alice)
    actions.publish(by=bob, body="Another post")


@every_url
def test_c10_no_url_exposes_private_data(canaries, bob, url):
    browser = Client(REMOTE_ADDR=ADDRESS, raise_request_exception=False)
    for logged_in in (False, True):
        for accept in ("text/html", JSON) if url not in OWN or not logged_in else ():
            response = browser.get(url, headers={"Accept": accept})
            text = content(response).decode("utf-8", "replace")
            assert [secret for secret in PRIVATE if secret in text] == []
        browser.force_login(bob)


# Where users see their own data.
OWN = {"/api/profile/", "/accounts/profile/", "/api/auth/sessions/", "/accounts/email-change/"}
OWN |= {"/accounts/profile/delete/", "/accounts/password-change/"}
TYPES = "{ __schema { types { name kind fields { name args { type { kind } } type { ...T } } } } }"
TYPES += (
    " fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name } } } }"
)


def fields_of(types, name, depth):
    """Return a selection of all fields of a type that need no arguments."""
    selected = []
    for field in types[name]["fields"] or ():
        inner = field["type"]
        while inner.get("ofType"):
            inner = inner["ofType"]
        if any(argument["type"]["kind"] == "NON_NULL" for argument in field["args"]):
            continue
        if not types[inner["name"]]["fields"]:
            selected.append(field["name"])
        elif depth and (below := fields_of(types, inner["name"], depth - 1)):
            selected.append(f"{field['name']} {below}")
    return f"{{ {' '.join(selected)} }}" if selected else ""


@pytest.mark.parametrize("ask", ["posts", 'user(username: "alice")', "post(id: 7)", "me"])
def test_c10_no_field_of_graphql_exposes_private_data(canaries, ask):
    browser = Client(REMOTE_ADDR=ADDRESS)

    def send(query):
        return browser.post("/graphql/", {"query": query}, JSON).json()

    types = {one["name"]: one for one in send(TYPES)["data"]["__schema"]["types"]}
    root = {"posts": "PostConnection", "post(id": "Post", "user(u": "User", "me": "Me"}
    name = next(name for start, name in root.items() if ask.startswith(start))
    result = send(f"{{ {ask} {fields_of(types, name, depth=3)} }}")
    assert "errors" not in result or ask == "me"
    assert [secret for secret in PRIVATE if secret in str(result)] == []
