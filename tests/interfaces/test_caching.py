"""B13: what a browser keeps of a page shows nothing to the next person."""

import pytest
from django.test import Client

from tests.architecture.test_addresses import ADDRESSES
from tests.contract.drivers import inputs, soup
from tests.tokens import bearer

ACCOUNT = [
    address
    for address in ADDRESSES
    if address.startswith("/accounts/") and not address.startswith("/accounts/users/")
]
POSTS = [
    "/fbv/posts/",
    "/cbv/posts/",
    "/fbv/posts/{pk}/",
    "/cbv/posts/{pk}/",
    "/accounts/users/alice/",
]
FORMS = ["/fbv/posts/new/", "/cbv/posts/{pk}/edit/", "/fbv/posts/{pk}/delete/"]


@pytest.mark.parametrize("address", ACCOUNT)
@pytest.mark.parametrize("logged_in", [True, False], ids=["alice", "anonymous"])
def test_account_pages_are_not_stored(client, alice, address, logged_in):
    if logged_in:
        client.force_login(alice)
    for method in (client.get, client.post):
        assert "no-store" in method(address)["Cache-Control"]


@pytest.mark.parametrize("address", [*POSTS, *FORMS])
def test_a_users_pages_are_theirs_and_asked_for_again(client, alice, post, address):
    client.force_login(alice)
    answer = client.get(address.format(pk=post(alice).pk))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-cache")


@pytest.mark.parametrize("address", POSTS[:4])
def test_an_anonymous_page_is_asked_for_again_and_not_sent_again(client, post, address):
    url = address.format(pk=post().pk)
    first = client.get(url)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "address", ["/api/fbv/posts/", "/api/cbv/posts/", "/graphql/?query={me{bio}}"]
)
def test_what_a_program_reads_as_somebody_is_theirs(client, alice, address):
    assert client.get(address, headers=bearer(alice))["Cache-Control"] == "private, no-cache"
    client.force_login(alice)
    assert client.get(address)["Cache-Control"] == "private, no-cache"
    assert "Cache-Control" not in Client().get(address)


def test_logging_in_and_out_is_not_stored(person):
    person("carol", password="correct horse battery")
    browser = Client()
    fields = inputs(soup(browser.get("/accounts/login/")).select_one("main form"))
    fields |= {"username": "carol@example.org", "password": "correct horse battery"}
    answer = browser.post("/accounts/login/", fields)
    assert answer.status_code == 302
    assert "no-store" in answer["Cache-Control"]
    assert "no-store" in browser.post("/accounts/logout/")["Cache-Control"]
