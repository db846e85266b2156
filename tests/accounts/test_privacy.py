"""C7, C9 and C10, as far as accounts are concerned."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.drivers import PASSWORD, Rest
from ublog.accounts.models import CustomUser
from ublog.blog import actions

CANARY = "canary-4711"
FOREIGN = ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
FOREIGN += ["http:///evil.example", "https:evil.example", "\t//evil.example", "http://testserver:1"]


@pytest.mark.parametrize("address", FOREIGN)
def test_c7_nobody_is_sent_to_another_site(carol, client, address):
    fields = {"username": carol.email, "password": PASSWORD, "next": address}
    response = client.post("/accounts/login/", fields)
    assert (response.status_code, response["Location"]) == (302, "/fbv/posts/")
    response = client.post("/accounts/logout/", {"next": address})
    assert (response.status_code, response["Location"]) == (302, "/fbv/posts/")


def test_c7_somebody_is_sent_back_to_where_they_were(carol, client):
    fields = {"username": carol.email, "password": PASSWORD, "next": "/fbv/posts/?q=tea"}
    assert client.post("/accounts/login/", fields)["Location"] == "/fbv/posts/?q=tea"


NOT_MINE = {
    "id": 777,
    "is_staff": True,
    "is_superuser": True,
    "is_active": True,
    "activated_on": "2001-01-01T00:00:00Z",
    "date_joined": "2001-01-01T00:00:00Z",
    "last_login": "2001-01-01T00:00:00Z",
    "email": "taken.over@example.org",
    "password": "taken over as well",
    "groups": [1],
}


@pytest.mark.parametrize(("field", "value"), NOT_MINE.items())
def test_c9_a_profile_takes_names_and_bio_only(carol, field, value):
    browser = Rest()
    browser.log_in(carol.email)
    before = CustomUser.objects.values().get()
    browser.send("PATCH", "profile/", {"bio": "Mine", field: value})
    assert CustomUser.objects.values().get() == before | {"bio": "Mine"}


@pytest.mark.parametrize("field", ["is_staff", "is_superuser", "email", "id", "date_joined"])
def test_c9_nobody_signs_up_as_more_than_a_user(db, link, field):
    value = NOT_MINE[field]
    Rest().send("POST", "auth/register/", {field: value, "email": "dora@example.org"})
    Rest().send("POST", "auth/activate/", {"token": link(), "password": PASSWORD, field: value})
    user = CustomUser.objects.get()
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert (user.email, user.date_joined.year) == ("dora@example.org", timezone.now().year)
    assert user.pk != 777


@pytest.fixture
def canaries(person, settings):
    """People whose private data would be noticed anywhere, with posts and likes."""
    people = []
    for name in ("alice", "bob"):
        user = person(name, password=PASSWORD, display_name=f"{name} N.", bio="About me")
        user.email = f"{name}.{CANARY}@example.org"
        user.password = f"md5${CANARY}${CANARY}"
        user.last_login = "2003-03-03T03:03:03Z"
        user.save()
        people.append(user)
    for user in people:
        shown = actions.publish(by=user, body="A post to like")
        actions.like(post_id=shown.pk, by=people[0])
    return people


GRAPH = """{ posts { edges { node { id body createdBy { username displayName } } } }
user(username: "alice") { username displayName bio dateJoined } __schema { types { name } } }"""
ADDRESSES = ["/fbv/posts/", "/cbv/posts/", "/api/fbv/posts/", "/api/cbv/posts/", "/api/schema/"]
ADDRESSES += ["/api/users/alice/", "/accounts/users/alice/", "/fbv/posts/?by=alice"]
ADDRESSES += ["/accounts/login/", "/accounts/register/", "/health/ready/", "/health/live/"]


@pytest.mark.parametrize("viewer", [None, "bob"])
def test_c10_no_public_response_holds_anything_private(canaries, viewer):
    client = Client(REMOTE_ADDR="198.51.100.23")
    secrets = [CANARY, "2003-03-03", "198.51.100.23", "md5$", "is_staff", "last_login"]
    if viewer:
        client.force_login(canaries[1])
    ids = [f"{root}{post}/" for root in ADDRESSES[:4] for post in (1, 2)]
    for address in [*ADDRESSES, *ids]:
        response = client.get(address)
        text = b"".join(response) if response.streaming else response.content
        for secret in secrets:
            assert secret.encode() not in text, (address, secret)
    response = client.get("/graphql/", {"query": GRAPH})
    assert not any(secret.encode() in response.content for secret in secrets)


@pytest.mark.parametrize("fields", ["email", "password", "lastLogin", "isStaff", "families"])
def test_c10_graphql_knows_no_such_field(canaries, client, fields):
    query = f'{{ user(username: "alice") {{ {fields} }} }}'
    response = client.post("/graphql/", {"query": query}, "application/json")
    assert response.status_code == 400
    assert CANARY.encode() not in response.content


def test_c10_an_error_shows_nothing(canaries, link):
    """B12: the holder of a mail's link learns that a name is taken, and nobody learns more."""
    sent = {"email": canaries[0].email, "username": "alice"}
    response = Client().post("/api/auth/register/", sent, "application/json")
    assert response.status_code == 202
    Rest().sign_up("dora@example.org")
    sent = {"token": link(), "password": PASSWORD, "username": "alice"}
    response = Client().post("/api/auth/activate/", sent, "application/json")
    assert response.json() == {"username": ["This username is taken."]}


@pytest.mark.parametrize("path", ["/api/profile/", "/api/auth/sessions/"])
def test_private_responses_are_not_stored_by_caches(carol, path):
    browser = Rest()
    browser.log_in(carol.email)
    response = browser.client.get(path, headers=browser.headers)
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store")


GARBAGE = [b"", b"{", b"[]", b"null", b'"x"', b"1", b'{"email": {}}', b'{"email": "a\\u0000b"}']
GARBAGE += [b'{"email": "\xff"}', b"[" * 60_000, b'{"email": "\\ud800"}', b'{"email": 1e999}']
POSTS = ["token/", "register/", "register/resend/", "activate/", "password-reset/"]
POSTS += ["password-reset/confirm/", "password-change/", "email-change/", "email-change/confirm/"]


@pytest.mark.parametrize("content", GARBAGE, ids=lambda content: content[:20].decode("latin-1"))
@pytest.mark.parametrize("path", POSTS)
def test_c5_garbage_is_rejected(carol, path, content):
    browser = Rest()
    browser.log_in(carol.email)
    response = browser.client.post(
        f"/api/auth/{path}", content, "application/json", headers=browser.headers
    )
    assert response.status_code == 400
    assert response["Content-Type"].startswith("application/json")


def ask(query, text):
    """Return GraphQL's response. The text is a variable: the tokens of a document are limited."""
    content = {"query": query, "variables": {"text": text}}
    return Client().post("/graphql/", content, "application/json").json()


HUGE = "x" * 20_000


@pytest.mark.parametrize("value", ["a\0b", HUGE, "' OR 1=1 --", "😀" * 300, " "])
def test_c5_odd_texts_are_rejected_and_not_an_error(carol, value):
    for path, fields in {
        "token/": {"email": value, "password": value},
        "register/": {"email": value},
        "activate/": {"token": value, "password": value, "username": value},
        "password-reset/confirm/": {"token": value, "password": value},
    }.items():
        response = Client().post(f"/api/auth/{path}", fields, "application/json")
        assert response.status_code in (400, 401)
    for given in (
        "register(email: $text)",
        "activate(token: $text, password: $text, username: $text)",
        "updateProfile(bio: $text)",
    ):
        response = ask(f"mutation($text: String!) {{ {given} {{ errors {{ code }} }} }}", value)
        assert response["data"][given.partition("(")[0]]["errors"]
    response = ask("query($text: String!) { user(username: $text) { username } }", value)
    assert response["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    for address in ("/api/users/{}/", "/accounts/users/{}/"):
        assert Client().get(address.format(value[:500])).status_code == 404
