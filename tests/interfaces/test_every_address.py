"""What holds for every address of the site: headers, bad bytes, too many bytes, and privacy."""

import re
from itertools import product

import pytest
from django.test import Client

from tests.architecture.test_addresses import ADDRESSES
from tests.contract.drivers import soup
from tests.pictures import picture
from tests.tokens import bearer
from ublog.blog import actions
from ublog.core.request_size import MAX_REQUEST
from ublog.interfaces.pages.site import environment

JSON = "application/json"
API = ("/api/", "/graphql/")
every_address = pytest.mark.parametrize("address", ADDRESSES)


@pytest.fixture
def visitor(db):
    """Shown an error 500 as people are."""
    return Client(raise_request_exception=False)


@pytest.fixture
def seven(alice):
    """The post that the addresses name, with a picture."""
    made = actions.publish(by=alice, body="Look", image=picture(), image_alt="A wall")
    type(made).objects.filter(pk=made.pk).update(id=7)
    return made


def content(answer) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


# -- F3: headers ----------------------------------------------------------------------------

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
NOT_OURS = ["/nowhere/", "/api/nowhere/", "/static/nowhere.js", "/media/nowhere.png", "/%00"]


def check_headers(answer, https=False):
    assert {name: answer.get(name) for name in HEADERS} == HEADERS
    # Pages whose address is a secret tell even less of it.
    assert answer["Referrer-Policy"] in ("same-origin", "strict-origin")
    assert "camera=()" in answer["Permissions-Policy"]
    rules = dict(rule.partition(" ")[::2] for rule in answer["Content-Security-Policy"].split("; "))
    scripts = rules.get("script-src", rules["default-src"])
    assert "unsafe" not in scripts
    assert "http" not in answer["Content-Security-Policy"]
    assert ("Strict-Transport-Security" in answer) == https


@pytest.mark.parametrize("address", ADDRESSES + NOT_OURS)
def test_f3_every_answer_has_the_headers(visitor, seven, address):
    for method in ("GET", "POST", "DELETE", "OPTIONS", "TRACE"):
        answer = visitor.generic(method, address, headers={"Accept": "text/html"})
        assert answer.status_code < 500, method
        check_headers(answer)
        content(answer)


def test_f3_a_picture_and_a_static_file_have_the_headers(seven, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "a.css").write_text("a {}")
    for address in (seven.picture["url"], "/static/a.css"):
        answer = Client().get(address)
        assert (answer.status_code, len(content(answer)) > 0) == (200, True)
        check_headers(answer)


def test_f3_an_error_of_ours_has_the_headers(visitor, monkeypatch):
    monkeypatch.setattr("ublog.operations.health.background_work", lambda: 1 / 0)
    answer = visitor.get("/health/ready/")
    assert answer.status_code == 500
    check_headers(answer)


@pytest.fixture
def unprepared(settings, tmp_path):
    """A site whose static files were not prepared."""

    def forget():
        for kept in (environment.built, *environment.KEPT.values()):
            kept.cache_clear()

    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "ublog.core.storage.static.StaticFiles"}
    }
    forget()
    yield
    forget()


def test_without_static_files_an_error_is_told_all_the_same(visitor, unprepared):
    """Its pages fail, each by one readable page."""
    answer = visitor.get("/fbv/posts/")
    assert answer.status_code == 500
    assert b"Back to the posts" in answer.content


@pytest.mark.parametrize("address", ["/fbv/posts/", "/api/fbv/posts/", "/media/x.png", "/static/x"])
def test_f1_another_host_is_turned_away_with_the_headers(visitor, settings, address):
    for redirect in (False, True):
        settings.SECURE_SSL_REDIRECT = redirect
        answer = Client().get(address, headers={"Host": "evil.example"})
        assert answer.status_code == 400
        check_headers(answer)


def test_f3_https_is_kept(db, settings):
    settings.SECURE_HSTS_SECONDS, settings.SECURE_SSL_REDIRECT = 31_536_000, True
    browser = Client()
    answer = browser.get("/fbv/posts/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/fbv/posts/")
    check_headers(answer)
    for address in ("/fbv/posts/", "/nowhere/", "/media/nowhere.png", "/api/fbv/posts/"):
        check_headers(browser.get(address, secure=True), https=True)
    check_headers(browser.get("/", secure=True, headers={"Host": "evil.example"}), https=True)


# -- C5: bad bytes --------------------------------------------------------------------------


def texts(value: str) -> bytes:
    """That for every text that somebody may send."""
    return ", ".join(f'"{name}": {value}' for name in ("body", "email", "query", "bio")).encode()


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
    "a form that is none": (b"\xff\0", "multipart/form-data; boundary=x"),
    "no boundary": (b"body=a", "multipart/form-data"),
    "a bad form": (b"body=%ff%00&email=%00&%", "application/x-www-form-urlencoded"),
    "an odd charset": (b"{%b}" % texts("[]"), "application/json; charset=nonsense"),
}
METHODS = ("POST", "PUT", "PATCH")
PAGES = {"/api/docs/", "/api/redoc/", "/api/schema/"}
# Where nothing is read that was sent.
NO_BODY = re.compile(r"/(like|delete|logout|refresh)/|/sessions/[0-9a-f-]{36}/|/accounts/sessions/")


@every_address
def test_c5_bad_bytes_are_refused_at_every_address(visitor, alice, seven, everything, address):
    before = everything()
    api = address.startswith(API) and address not in PAGES
    visitor.force_login(alice)
    headers = bearer(alice) if api else {}
    for (what, (sent, kind)), method in product(BAD.items(), METHODS if api else ["POST"]):
        # A form without a field is one, and a PATCH with it changes nothing but the date.
        if (what, method) != ("a form that is none", "PATCH"):
            answer = visitor.generic(method, address, sent, kind, headers=headers)
            told = (what, method, answer.status_code, content(answer)[:200])
            assert answer.status_code < 500, told
            if api and not NO_BODY.search(address):
                assert answer.status_code in (400, 401, 403, 405, 415), told
                assert answer["Content-Type"].startswith(JSON), told
    if not NO_BODY.search(address):
        assert everything() == before


@every_address
def test_c5_bad_addresses_are_no_error(visitor, alice, seven, address):
    for query in ("q=%00", "q=%ff", "cursor=%00", "cursor=%ff%fe", "page_size=1e400", "by=%ed%a0"):
        answer = visitor.get(f"{address}?{query}")
        assert answer.status_code < 500
        content(answer)


# -- C6: too many bytes ---------------------------------------------------------------------


@every_address
def test_c6_too_large_a_request_is_refused(visitor, address, everything):
    before = everything()
    size = {"CONTENT_LENGTH": str(MAX_REQUEST + 1)}
    answer = visitor.generic("POST", address, b"{}", JSON, **size)
    assert answer.status_code == 413
    if address == "/graphql/":
        assert [error["message"] for error in answer.json()["errors"]] == ["This is too large."]
    elif address.startswith(API):
        assert answer.json() == {"detail": "This is too large."}
    else:
        assert "Too large" in soup(answer).h1.text
    check_headers(answer)
    assert everything() == before


@pytest.mark.parametrize(
    "address", ["/api/fbv/posts/new/", "/api/cbv/posts/", "/graphql/", "/api/auth/token/"]
)
def test_c6_too_much_text_is_refused_as_json(visitor, alice, address):
    text = b'{"query": "' + b"a" * 3 * 2**20 + b'"}'
    answer = visitor.generic("POST", address, text, JSON, headers=bearer(alice))
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith(JSON)


def test_c6_too_much_text_in_a_form_is_refused_as_a_page(visitor):
    for root in ("/fbv/posts/", "/cbv/posts/"):
        answer = visitor.post(f"{root}new/", {"body": "a" * 3 * 2**20})
        assert answer.status_code == 413
        assert "Too large" in soup(answer).h1.text


# -- C10: privacy ---------------------------------------------------------------------------

CANARY = "canary-4711"
ADDRESS = "198.51.100.23"
PRIVATE = [CANARY, ADDRESS, "2003-03-03", "3 Mar 2003", "md5$", "argon2"]


@pytest.fixture
def canaries(alice, bob, seven):
    """People whose private data would be noticed anywhere."""
    for user in (alice, bob):
        user.email = f"{user.username}.{CANARY}@example.org"
        user.password = f"md5${CANARY}${CANARY}"
        user.last_login = "2003-03-03T03:03:03Z"
        user.save()
    actions.like(post_id=7, by=alice)
    actions.publish(by=bob, body="Another post")


@every_address
def test_c10_no_address_tells_anything_private(canaries, bob, address):
    browser = Client(REMOTE_ADDR=ADDRESS, raise_request_exception=False)
    for signed_in in (False, True):
        for accept in ("text/html", JSON) if address not in OWN or not signed_in else ():
            answer = browser.get(address, headers={"Accept": accept})
            text = content(answer).decode("utf-8", "replace")
            assert [secret for secret in PRIVATE if secret in text] == []
        browser.force_login(bob)


# Where a person sees their own.
OWN = {"/api/profile/", "/accounts/profile/", "/api/auth/sessions/", "/accounts/email-change/"}
OWN |= {"/accounts/profile/delete/"}
TYPES = "{ __schema { types { name kind fields { name args { type { kind } } type { ...T } } } } }"
TYPES += (
    " fragment T on __Type { name kind ofType { name kind ofType { name kind ofType { name } } } }"
)


def fields_of(types, name, depth):
    """All that can be asked of a type without arguments, as a selection."""
    wanted = []
    for field in types[name]["fields"] or ():
        inner = field["type"]
        while inner.get("ofType"):
            inner = inner["ofType"]
        if any(argument["type"]["kind"] == "NON_NULL" for argument in field["args"]):
            continue
        if not types[inner["name"]]["fields"]:
            wanted.append(field["name"])
        elif depth and (below := fields_of(types, inner["name"], depth - 1)):
            wanted.append(f"{field['name']} {below}")
    return f"{{ {' '.join(wanted)} }}" if wanted else ""


@pytest.mark.parametrize("ask", ["posts", 'user(username: "alice")', "post(id: 7)", "me"])
def test_c10_no_field_of_graphql_tells_anything_private(canaries, ask):
    browser = Client(REMOTE_ADDR=ADDRESS)

    def answer(query):
        return browser.post("/graphql/", {"query": query}, JSON).json()

    types = {one["name"]: one for one in answer(TYPES)["data"]["__schema"]["types"]}
    root = {"posts": "PostConnection", "post(id": "Post", "user(u": "Person", "me": "Me"}
    name = next(name for start, name in root.items() if ask.startswith(start))
    told = answer(f"{{ {ask} {fields_of(types, name, depth=3)} }}")
    assert "errors" not in told or ask == "me"
    assert [secret for secret in PRIVATE if secret in str(told)] == []
