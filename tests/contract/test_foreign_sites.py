"""B10: what a form or script of another site can send is rejected, on all interfaces alike."""

import pytest

from tests.contract.drivers import Bearer
from tests.contract.exceptions import Forbidden
from tests.contract.verbs import VERBS
from tests.pictures import picture

pytestmark = pytest.mark.five

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


def sent_from(headers, driver):
    driver.token()
    driver.client.defaults |= headers
    return driver


@foreign
def test_nothing_anonymous_from_another_site_is_published(interface, rejected, headers):
    driver = sent_from(headers, interface())
    for image in (None, picture()):
        with rejected(Forbidden):
            driver.publish("Spam", image)


def test_what_is_rejected_spends_nothing(interface, settings):
    settings.LIMITS = settings.LIMITS | {"anonymous_post": "1/hour"}
    driver = sent_from(FOREIGN["another site"], interface())
    for _ in range(3):
        with pytest.raises(Forbidden):
            driver.publish("Spam")
    del driver.client.defaults["HTTP_ORIGIN"]
    assert driver.publish("Mine").body == "Mine"


@foreign
def test_a_session_does_nothing_for_another_site(interface, alice, post, rejected, headers):
    """With the right CSRF token, too."""
    driver, mine = interface(), post(alice)
    driver.client.force_login(alice)
    sent_from(headers, driver)
    if isinstance(driver, Bearer):
        driver.headers = {"X-CSRFToken": driver.token()}
    for verb in VERBS:
        if verb.login and not verb.reads:
            with rejected(Forbidden):
                verb.act(driver, mine.pk)


def test_a_bearer_token_is_proof_enough(interface, alice):
    if not issubclass(interface, Bearer):
        return
    for headers in FOREIGN.values():
        assert sent_from(headers, interface(alice)).publish("Mine").author == "alice"


@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
def test_what_comes_from_here_is_taken(interface, headers):
    assert sent_from(headers, interface()).publish("Hello").body == "Hello"


def test_behind_a_proxy_the_site_is_what_django_sees(interface, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    driver = interface()
    driver.token()
    driver.client.defaults |= {
        "HTTP_HOST": "testserver",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_ORIGIN": "https://testserver",
        "HTTP_REFERER": "https://testserver/",
    }
    assert driver.publish("Hello").body == "Hello"
    driver.client.defaults["HTTP_ORIGIN"] = "http://testserver"
    with pytest.raises(Forbidden):
        driver.publish("Hello")


def test_reading_is_for_everyone(interface, post):
    id = post().pk
    if interface.name == "GraphQL":
        return  # its driver sends queries by POST
    for headers in FOREIGN.values():
        assert sent_from(headers, interface()).read(id).id == id
