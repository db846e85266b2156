"""What the templates of the pages are given."""

import pytest

from tests.contract.drivers import soup
from ublog.interfaces.handlers import server_error
from ublog.interfaces.pages import templating


@pytest.fixture
def unprepared(settings, tmp_path):
    """Static files as they are before `collectstatic`."""
    prepared = {"staticfiles": {"BACKEND": "ublog.core.static.StaticFiles"}}
    settings.STORAGES = settings.STORAGES | prepared
    settings.STATIC_ROOT = tmp_path
    templating.built.cache_clear()


def test_an_error_page_does_without_static_files(rf, unprepared):
    answer = server_error(rf.get("/fbv/posts/"))
    assert "Something went wrong" in soup(answer).select_one("h1").text


def test_the_forms_of_a_page_share_one_token(client, alice, post):
    post(), post()
    client.force_login(alice)
    tokens = soup(client.get("/fbv/posts/")).select("[name=csrfmiddlewaretoken]")
    assert len(tokens) == 3  # two likes, and to log out
    assert len({token["value"] for token in tokens}) == 1


def test_a_page_without_a_form_makes_no_token(client, db):
    assert "csrftoken" not in client.get("/accounts/register/sent/").cookies
    assert "csrftoken" in client.get("/accounts/register/").cookies
