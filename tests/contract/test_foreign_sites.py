"""B10: what a form or script of another site can send is rejected, on all interfaces alike."""

import pytest

from tests.contract.drivers import Bearer
from tests.contract.exceptions import Forbidden
from tests.pictures import picture

FOREIGN = {
    "another site": {"HTTP_ORIGIN": "https://evil.example"},
    "a sandboxed frame": {"HTTP_ORIGIN": "null"},
    "another port": {"HTTP_ORIGIN": "http://testserver:8001"},
    "another scheme": {"HTTP_ORIGIN": "https://testserver"},
    "what the browser calls another site": {"HTTP_SEC_FETCH_SITE": "cross-site"},
    "what the browser calls another host": {"HTTP_SEC_FETCH_SITE": "same-site"},
}
OURS = {
    "a program": {},
    "our page": {"HTTP_ORIGIN": "http://testserver", "HTTP_SEC_FETCH_SITE": "same-origin"},
    "what is typed into the browser": {"HTTP_SEC_FETCH_SITE": "none"},
    "the site's URL": {"HTTP_ORIGIN": "http://127.0.0.1:8000"},
}
foreign = pytest.mark.parametrize("headers", FOREIGN.values(), ids=FOREIGN)


def sent_from(headers, door):
    door.token()
    door.client.defaults |= headers
    return door


@foreign
@pytest.mark.parametrize("image", [None, picture], ids=["a text", "a picture"])
def test_nothing_anonymous_from_another_site_is_published(interface, refused, headers, image):
    door = sent_from(headers, interface())
    with refused(Forbidden):
        door.publish("Spam", image and image())


def test_what_is_rejected_spends_nothing(interface, settings):
    settings.LIMITS |= {"anonymous_post": "1/hour"}
    door = sent_from(FOREIGN["another site"], interface())
    for _ in range(3):
        with pytest.raises(Forbidden):
            door.publish("Spam")
    del door.client.defaults["HTTP_ORIGIN"]
    assert door.publish("Mine").body == "Mine"


@foreign
def test_a_session_does_nothing_for_another_site(interface, alice, post, refused, headers):
    """With the right CSRF token, too."""
    door, mine = interface(), post(alice)
    door.client.force_login(alice)
    sent_from(headers, door)
    if isinstance(door, Bearer):
        door.headers = {"X-CSRFToken": door.token()}
    verbs = {"edit": {"body": "Forged"}, "delete": {}, "like": {}, "unlike": {}, "toggle_like": {}}
    for verb, changes in verbs.items():
        with refused(Forbidden):
            getattr(door, verb)(mine.pk, **changes)


@foreign
def test_a_bearer_token_is_proof_enough(interface, alice, headers):
    door = interface(alice)
    if isinstance(door, Bearer):
        assert sent_from(headers, door).publish("Mine").author == "alice"


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
def test_what_comes_from_here_is_taken(interface, headers):
    assert sent_from(headers, interface()).publish("Hello").body == "Hello"


def test_behind_a_proxy_the_site_is_what_django_sees(interface, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    door = interface()
    door.token()
    door.client.defaults |= {
        "HTTP_HOST": "testserver",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_ORIGIN": "https://testserver",
        "HTTP_REFERER": "https://testserver/",
    }
    assert door.publish("Hello").body == "Hello"
    door.client.defaults["HTTP_ORIGIN"] = "http://testserver"
    with pytest.raises(Forbidden):
        door.publish("Hello")


@foreign
def test_reading_is_for_everyone(interface, post, headers):
    mine = post()
    door = interface()
    if isinstance(door, Bearer) and door.name == "GraphQL":
        return  # it is asked by POST here
    assert sent_from(headers, door).read(mine.pk).id == mine.pk
