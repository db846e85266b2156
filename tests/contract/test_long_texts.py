"""C11: a text that is much too long is rejected before anything that takes time touches it.

What takes time has a stand-in that notes the lengths it gets; the texts themselves are harmless.
"""

import re
import unicodedata

import pytest

from tests.contract.drivers import GraphQL
from tests.contract.exceptions import Invalid
from tests.pictures import picture
from ublog.blog.models import MAX_ALT, MAX_BODY, Post
from ublog.blog.search import MAX_QUERY
from ublog.core import text as core_text

LONG = {"5 times its limit": 5, "4 times its limit, and 1": 4}


@pytest.fixture
def touched(monkeypatch):
    """The lengths of the texts that were cleaned or normalised."""
    lengths = [0]
    normalize, pattern = unicodedata.normalize, core_text.UNACCEPTABLE

    class Pattern:
        def search(self, text: str) -> re.Match[str] | None:
            lengths.append(len(text))
            return pattern.search(text)

    def noted(form: str, text: str) -> str:
        lengths.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(core_text, "UNACCEPTABLE", Pattern())
    monkeypatch.setattr(unicodedata, "normalize", noted)
    return lengths


@pytest.fixture(params=LONG.values(), ids=LONG)
def long(request):
    """A text of that many times the limit, and one character more."""
    return lambda limit: "a" * (request.param * limit + 1)


def test_a_body_is_measured_first(interface, alice, post, rejected, touched, long):
    driver, mine = interface(alice), post(alice)
    touched[:] = [0]
    with rejected(Invalid) as published:
        driver.publish(long(MAX_BODY))
    with rejected(Invalid) as edited:
        driver.edit(mine.pk, body=long(MAX_BODY))
    assert published.value.fields == edited.value.fields == {"body"}
    assert max(touched) <= 4 * MAX_BODY


def test_a_description_is_measured_first(interface, alice, rejected, touched, long):
    with rejected(Invalid) as error:
        interface(alice).publish("Look", picture(), long(MAX_ALT))
    assert error.value.fields == {"image_alt"}
    assert max(touched) <= 4 * MAX_ALT


def test_a_search_is_measured_first(interface, touched, long):
    with pytest.raises(Invalid):
        interface().timeline(q=long(MAX_QUERY))
    assert max(touched) <= 4 * MAX_QUERY


def test_a_key_is_measured_first(interface, rejected, monkeypatch):
    def hashed(post):
        raise AssertionError("The post was hashed.")

    monkeypatch.setattr(Post, "fingerprint", property(hashed))
    with rejected(Invalid):
        interface().publish_once("k" * 1021, "Hello")


def test_what_is_around_a_text_does_not_count(interface, alice):
    assert interface(alice).publish(" " * 500 + "a" * MAX_BODY + "\n" * 30).body == "a" * MAX_BODY


@pytest.mark.five
@pytest.mark.parametrize("kind", ["JSON", "a form"])
def test_more_than_64_kib_of_text_is_413(interface, alice, everything, kind):
    """Nothing that an interface accepts is so long."""
    driver, before = interface(alice), everything()
    driver.token()
    root = (
        "/graphql/"
        if isinstance(driver, GraphQL)
        else f"{driver.root}{getattr(driver, 'new', 'new/')}"
    )
    fields = {"body": "a" * 2**16, "csrfmiddlewaretoken": driver.token()}
    options = {"content_type": "application/json"} if kind == "JSON" else {}
    response = driver.client.post(root, fields, headers=getattr(driver, "headers", {}), **options)
    assert response.status_code == 413
    assert everything() == before
    if isinstance(driver, GraphQL):
        assert response.json()["errors"]
    elif hasattr(driver, "headers"):
        assert response.json() == {"detail": "This is too large."}
    else:
        assert b"Too large" in response.content
