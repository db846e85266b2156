"""C13: a request that breaks off changes nothing, and can be sent again with the same key."""

from contextlib import contextmanager
from io import BytesIO

import pytest
from django.test import Client

from tests.bodies import cut, sends_forms, without_its_end, without_its_half, without_its_last_byte
from tests.contract.drivers import GraphQL, Pages
from tests.contract.exceptions import Invalid
from tests.contract.verbs import verbs
from tests.pictures import picture
from ublog.blog.models import Post

pytestmark = pytest.mark.five

BROKEN = {
    "half of it": without_its_half,
    "all but a byte": without_its_last_byte,
    "a form without its end": without_its_end,
}
broken = pytest.mark.parametrize("how", BROKEN.values(), ids=BROKEN)
images = pytest.mark.parametrize("image", [None, picture], ids=["a text", "a picture"])


@pytest.fixture(params=[True, False], ids=["alice", "anonymous"])
def who(request, alice):
    return alice if request.param else None


@broken
@images
def test_what_breaks_off_is_not_published(interface, who, rejected, how, image):
    driver = interface(who)
    driver.token()
    if how is without_its_end and not sends_forms(driver, image):
        return  # JSON that ends too early is no JSON: test_bad_input
    with rejected(Invalid), cut(driver.client, how):
        driver.publish("Hello", image and image())
    assert driver.publish("Hello", image and image()).body == "Hello"


@broken
@images
def test_the_second_try_has_the_same_key(interface, who, how, image):
    driver = interface(who)
    driver.token()
    if how is without_its_end and not sends_forms(driver, image):
        return
    with pytest.raises(Invalid), cut(driver.client, how):
        driver.publish_once("a key", "Hello", image and image())
    first = driver.publish_once("a key", "Hello", image and image())
    assert driver.publish_once("a key", "Hello", image and image()) == first
    assert Post.objects.count() == 1


@broken
def test_what_breaks_off_edits_nothing(interface, alice, post, rejected, how):
    driver, mine = interface(alice), post(alice)
    driver.token()
    with rejected(Invalid), cut(driver.client, how):
        driver.edit(mine.pk, picture(), body="Half")


@contextmanager
def half_a_body(driver, kind):
    """Have the driver send less than it announces; REST's send nothing with these verbs."""
    if isinstance(driver, Pages | GraphQL):
        with cut(driver.client, without_its_last_byte):
            yield
        return
    content = b'{"a": "b"}' if "json" in kind else b"--x\r\n\r\n\r\n--x--\r\n"
    announced = {"CONTENT_LENGTH": "500", "wsgi.input": BytesIO(content)}
    generic = driver.client.generic
    driver.client.generic = lambda method, path, **options: generic(
        method, path, content, kind, **options, **announced
    )
    yield


@verbs(lambda verb: verb.login and verb.of_post and not verb.has_body)
def test_what_needs_no_body_does_nothing_with_half_of_one(interface, alice, post, rejected, verb):
    id = post(alice).pk
    for kind in ("application/json", "multipart/form-data; boundary=x"):
        driver = interface(alice)
        driver.token()
        with rejected(Invalid), half_a_body(driver, kind):
            verb.act(driver, id)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", ""])
def test_a_body_of_unknown_length_is_not_taken_for_an_empty_one(interface, alice, everything, kind):
    """411 Length Required: RFC 9110, section 15.5.12."""
    driver, before = interface(alice), everything()
    root = (
        "/graphql/"
        if isinstance(driver, GraphQL)
        else f"{driver.root}{getattr(driver, 'new', 'new/')}"
    )
    response = Client().generic(
        "POST", root, b"", kind, headers={"Transfer-Encoding": "chunked"}, CONTENT_LENGTH=""
    )
    assert response.status_code == 411
    assert response["Content-Type"].startswith(
        "text/html" if isinstance(driver, Pages) else "application/json"
    )
    assert everything() == before


def test_what_follows_the_end_of_a_form_is_left_out(interface, alice):
    """RFC 2046, section 5.1.1: a form may have an epilogue."""
    driver = interface(alice)
    driver.token()
    if not sends_forms(driver, image=True):
        return

    def longer(content):
        return len(content) + 9, content + b"\r\nThe end"

    with cut(driver.client, longer):
        assert driver.publish("Look", picture()).image
