"""C13: a request that breaks off changes nothing, and can be sent again with the same key."""

from io import BytesIO

import pytest
from django.test import Client

from tests.bodies import cut, sends_forms, without_its_end, without_its_half, without_its_last_byte
from tests.contract.drivers import GraphQL, Pages
from tests.contract.exceptions import Invalid
from tests.pictures import picture
from ublog.blog.models import Post

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
def test_what_breaks_off_is_not_published(interface, who, refused, how, image):
    door = interface(who)
    door.token()
    if how is without_its_end and not sends_forms(door, image):
        return  # JSON that ends too early is no JSON: test_bad_input
    with refused(Invalid), cut(door.client, how):
        door.publish("Hello", image and image())
    assert door.publish("Hello", image and image()).body == "Hello"


@broken
@images
def test_the_second_try_has_the_same_key(interface, who, how, image):
    door = interface(who)
    door.token()
    if how is without_its_end and not sends_forms(door, image):
        return
    with pytest.raises(Invalid), cut(door.client, how):
        door.publish_once("a key", "Hello", image and image())
    first = door.publish_once("a key", "Hello", image and image())
    assert door.publish_once("a key", "Hello", image and image()) == first
    assert Post.objects.count() == 1


@broken
def test_what_breaks_off_edits_nothing(interface, alice, post, refused, how):
    door, mine = interface(alice), post(alice)
    door.token()
    with refused(Invalid), cut(door.client, how):
        door.edit(mine.pk, picture(), body="Half")


@pytest.mark.parametrize("verb", ["like", "unlike", "toggle_like", "delete"])
@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x"])
def test_what_needs_no_body_does_nothing_with_half_of_one(
    interface, alice, post, refused, verb, kind
):
    door, mine = interface(alice), post(alice)
    door.token()
    if isinstance(door, Pages | GraphQL):
        content = None
    else:  # its drivers send nothing with these
        content = b'{"a": "b"}' if "json" in kind else b"--x\r\n\r\n\r\n--x--\r\n"
        generic = door.client.generic
        announced = {"CONTENT_LENGTH": "500", "wsgi.input": BytesIO(content)}
        door.client.generic = lambda method, path, **options: generic(
            method, path, content, kind, **options, **announced
        )
    with refused(Invalid):
        if content is None:
            with cut(door.client, without_its_last_byte):
                getattr(door, verb)(mine.pk)
        else:
            getattr(door, verb)(mine.pk)


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=x", ""])
def test_a_body_of_unknown_length_is_not_taken_for_an_empty_one(interface, alice, everything, kind):
    """411 Length Required: RFC 9110, section 15.5.12."""
    door, before = interface(alice), everything()
    root = (
        "/graphql/" if isinstance(door, GraphQL) else f"{door.root}{getattr(door, 'new', 'new/')}"
    )
    answer = Client().generic(
        "POST", root, b"", kind, headers={"Transfer-Encoding": "chunked"}, CONTENT_LENGTH=""
    )
    assert answer.status_code == 411
    assert answer["Content-Type"].startswith(
        "text/html" if isinstance(door, Pages) else "application/json"
    )
    assert everything() == before


def test_what_follows_the_end_of_a_form_is_left_out(interface, alice):
    """RFC 2046, section 5.1.1: a form may have an epilogue."""
    door = interface(alice)
    door.token()
    if not sends_forms(door, image=True):
        return

    def longer(content):
        return len(content) + 9, content + b"\r\nThe end"

    with cut(door.client, longer):
        assert door.publish("Look", picture()).image
