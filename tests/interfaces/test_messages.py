"""A message is said once, to whom it is meant for, and costs nobody else a cookie."""

import pytest

from tests.contract.drivers import soup

PAGE = "/fbv/posts/"


@pytest.fixture
def published(db, client):
    client.post(f"{PAGE}new/", {"body": "Hello"})
    return client


def alerts(answer):
    return [one.text for one in soup(answer).select(".alert")]


def test_a_message_is_shown_once(published):
    assert [alerts(published.get(PAGE)) for _ in range(2)] == [["Your post is published."], []]


def test_it_waits_for_the_next_page(published):
    assert published.get("/health/live/").cookies.keys() == set()
    assert alerts(published.get(PAGE)) == ["Your post is published."]


def test_no_browser_is_told_to_forget_what_it_has_not(db, client):
    assert "messages" not in client.get(PAGE).cookies


def test_what_is_no_message_of_ours_is_forgotten(db, client):
    client.cookies["messages"] = "nonsense"
    answer = client.get(PAGE)
    assert alerts(answer) == []
    assert answer.cookies["messages"].value == ""
