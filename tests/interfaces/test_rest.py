"""What only REST has, the same in both styles."""

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.contract.answers import Invalid
from tests.contract.drivers import RestFunctions, RestViewSet
from tests.pictures import picture

INTERFACES = [RestFunctions, RestViewSet]


@pytest.fixture(params=INTERFACES, ids=lambda interface: interface.name)
def interface(request, alice):
    return request.param(alice)


def test_a_post_is_replaced_by_put(interface):
    shown = interface.publish("Look", picture(), "A wall")
    replaced = interface.replace(shown.id, body="Look here", image_alt="A teal wall")
    assert (replaced.body, replaced.image_alt, replaced.image) == (
        "Look here",
        "A teal wall",
        shown.image,
    )


def test_put_needs_a_text_and_patch_does_not(interface, refused):
    shown = interface.publish("Look")
    with refused(Invalid) as error:
        interface.replace(shown.id, image_alt="A wall")
    assert error.value.fields == {"body"}
    assert interface.edit(shown.id).body == "Look"


def test_an_empty_picture_in_a_form_removes_it(interface):
    shown = interface.publish("Look", picture(), "A wall")
    form = encode_multipart(BOUNDARY, {"body": "Look", "image": ""})
    address = f"{interface.root}{shown.id}/{interface.edit_suffix}"
    answer = interface.send("PATCH", address, data=form, content_type=MULTIPART_CONTENT)
    assert answer["image"] is None


def test_the_whole_post_is_shown_as_documented(interface):
    shown = interface.publish("Look", picture((40, 30)), "A wall")
    post = interface.send("GET", f"{interface.root}{shown.id}/")
    assert set(post) == {
        *("id", "body", "image", "created_by", "created_on", "modified_on", "edited"),
        *("like_count", "liked", "can_edit"),
    }
    assert post["created_by"] == {"username": "alice", "display_name": ""}
    assert set(post["image"]) == {"url", "thumbnail", "width", "height", "alt"}
    assert (post["image"]["width"], post["image"]["height"]) == (40, 30)
    assert post["created_on"] == post["modified_on"]
    assert post["created_on"].endswith("Z") or post["created_on"].endswith("+00:00")


def test_the_links_of_a_list_keep_its_parameters(interface):
    for n in range(3):
        interface.publish(f"tea {n}")
    page = interface.send("GET", f"{interface.root}?q=tea&by=alice&page_size=2")
    for wanted in ("q=tea", "by=alice", "page_size=2", "cursor=", "http://testserver/"):
        assert wanted in page["next"]
    assert page["previous"] is None


def test_the_filters_of_lists_do_not_hide_a_post(interface):
    shown = interface.publish("tea")
    assert (
        interface.send("GET", f"{interface.root}{shown.id}/?q=coffee&author=nobody")["id"]
        == shown.id
    )


def test_a_new_post_is_a_201_and_a_deleted_one_a_204(interface):
    answer = interface.client.post(
        interface.root + interface.new,
        {"body": "Hello"},
        "application/json",
        headers=interface.headers,
    )
    assert answer.status_code == 201
    address = f"{interface.root}{answer.json()['id']}/{interface.delete_suffix}"
    answer = interface.client.delete(address, headers=interface.headers)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_browser_is_shown_pages_that_do_not_break(interface, alice, client):
    """DRF's browsable API, for an anonymous user and for someone logged in on the pages."""
    shown = interface.publish("<b>Look</b>", picture(), "A wall")
    for address in (
        interface.root,
        f"{interface.root}{shown.id}/",
        f"{interface.root}999/",
        interface.root + "new/",
    ):
        for _ in range(2):
            answer = client.get(address, headers={"Accept": "text/html"})
            assert answer.status_code < 500
            assert b"<b>Look</b>" not in answer.content
            client.force_login(alice)
        client.logout()


def test_a_body_over_the_limit_is_a_413(interface, everything):
    before, content = everything(), b'{"body": "' + b"a" * 3 * 1024 * 1024 + b'"}'
    address = interface.root + interface.new
    answer = interface.client.generic(
        "POST", address, content, "application/json", headers=interface.headers
    )
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("application/json")
    assert everything() == before
