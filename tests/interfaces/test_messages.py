"""A message is shown once, to its user only, and no other response sets a cookie for it."""

import pytest

from tests.contract.drivers import soup

PAGE = "/fbv/posts/"


@pytest.fixture
def published(db, client):
    client.post(f"{PAGE}new/", {"body": "Hello"})
    return client


def alerts(response):
    return [one.text for one in soup(response).select(".alert")]


def test_a_message_is_shown_once(published):
    assert [alerts(published.get(PAGE)) for _ in range(2)] == [["Your post is published."], []]


def test_it_waits_for_the_next_page(published):
    assert published.get("/health/live/").cookies.keys() == set()
    assert alerts(published.get(PAGE)) == ["Your post is published."]


def test_a_cookie_that_a_browser_does_not_have_is_not_deleted(db, client):
    assert "messages" not in client.get(PAGE).cookies


def test_a_malformed_message_cookie_is_deleted(db, client):
    client.cookies["messages"] = "nonsense"
    response = client.get(PAGE)
    assert alerts(response) == []
    assert response.cookies["messages"].value == ""
