"""B13: a browser's cache shows nothing of one user to the next."""

import pytest
from django.test import Client

from tests.architecture.test_urls import URLS
from tests.contract.drivers import inputs, soup
from tests.tokens import bearer

ACCOUNT = [
    url for url in URLS if url.startswith("/accounts/") and not url.startswith("/accounts/users/")
]
POSTS = [
    "/fbv/posts/",
    "/cbv/posts/",
    "/fbv/posts/{pk}/",
    "/cbv/posts/{pk}/",
    "/accounts/users/alice/",
]
FORMS = ["/fbv/posts/new/", "/cbv/posts/{pk}/edit/", "/fbv/posts/{pk}/delete/"]


@pytest.mark.parametrize("url", ACCOUNT)
@pytest.mark.parametrize("logged_in", [True, False], ids=["alice", "anonymous"])
def test_account_pages_are_not_stored(client, alice, url, logged_in):
    if logged_in:
        client.force_login(alice)
    for method in (client.get, client.post):
        assert "no-store" in method(url)["Cache-Control"]


@pytest.mark.parametrize("url", [*POSTS, *FORMS])
def test_a_users_pages_are_private_and_revalidated(client, alice, post, url):
    client.force_login(alice)
    response = client.get(url.format(pk=post(alice).pk))
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")


@pytest.mark.parametrize("url", POSTS[:4])
def test_an_anonymous_page_is_revalidated_and_not_sent_again(client, post, url):
    url = url.format(pk=post().pk)
    first = client.get(url)
    assert first["Cache-Control"] == "private, no-cache"
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("url", ["/api/fbv/posts/", "/api/cbv/posts/", "/graphql/?query={me{bio}}"])
def test_api_responses_to_a_user_are_private(client, alice, url):
    assert client.get(url, headers=bearer(alice))["Cache-Control"] == "private, no-cache"
    client.force_login(alice)
    assert client.get(url)["Cache-Control"] == "private, no-cache"
    assert "Cache-Control" not in Client().get(url)


def test_logging_in_and_out_is_not_stored(person):
    person("carol", password="correct horse battery")
    browser = Client()
    fields = inputs(soup(browser.get("/accounts/login/")).select_one("main form"))
    fields |= {"username": "carol@example.org", "password": "correct horse battery"}
    response = browser.post("/accounts/login/", fields)
    assert response.status_code == 302
    assert "no-store" in response["Cache-Control"]
    assert "no-store" in browser.post("/accounts/logout/")["Cache-Control"]
