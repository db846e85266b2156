"""What only the REST doors can be asked, the same of both styles."""

import pytest
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.contract.drivers import RestFunctions, RestViewSet
from tests.contract.exceptions import Invalid
from tests.pictures import picture

DOORS = [RestFunctions, RestViewSet]


@pytest.fixture(params=DOORS, ids=lambda door: door.name)
def door(request, alice):
    return request.param(alice)


def test_a_post_is_replaced_by_put(door):
    shown = door.publish("Look", picture(), "A wall")
    replaced = door.replace(shown.id, body="Look here", image_alt="A teal wall")
    assert (replaced.body, replaced.image_alt, replaced.image) == (
        "Look here",
        "A teal wall",
        shown.image,
    )


def test_put_needs_a_text_and_patch_does_not(door, rejected):
    shown = door.publish("Look")
    with rejected(Invalid) as error:
        door.replace(shown.id, image_alt="A wall")
    assert error.value.fields == {"body"}
    assert door.edit(shown.id).body == "Look"


def test_an_empty_picture_in_a_form_removes_it(door):
    shown = door.publish("Look", picture(), "A wall")
    form = encode_multipart(BOUNDARY, {"body": "Look", "image": ""})
    address = f"{door.root}{shown.id}/{door.edit_suffix}"
    answer = door.send("PATCH", address, data=form, content_type=MULTIPART_CONTENT)
    assert answer["image"] is None


def test_the_whole_post_is_shown_as_documented(door):
    shown = door.publish("Look", picture((40, 30)), "A wall")
    post = door.send("GET", f"{door.root}{shown.id}/")
    assert set(post) == {
        *("id", "body", "image", "created_by", "created_on", "modified_on", "edited"),
        *("like_count", "liked", "can_edit"),
    }
    assert post["created_by"] == {"username": "alice", "display_name": ""}
    assert set(post["image"]) == {"url", "thumbnail", "width", "height", "alt"}
    assert (post["image"]["width"], post["image"]["height"]) == (40, 30)
    assert post["created_on"] == post["modified_on"]
    assert post["created_on"].endswith("Z") or post["created_on"].endswith("+00:00")


def test_the_links_of_a_list_keep_what_was_asked(door):
    for n in range(3):
        door.publish(f"tea {n}")
    page = door.send("GET", f"{door.root}?q=tea&by=alice&page_size=2")
    for wanted in ("q=tea", "by=alice", "page_size=2", "cursor=", "http://testserver/"):
        assert wanted in page["next"]
    assert page["previous"] is None


def test_what_else_an_address_says_does_not_hide_a_post(door):
    shown = door.publish("tea")
    assert door.send("GET", f"{door.root}{shown.id}/?q=coffee&author=nobody")["id"] == shown.id


def test_new_is_answered_with_201_and_deleted_with_204(door):
    answer = door.client.post(
        door.root + door.new, {"body": "Hello"}, "application/json", headers=door.headers
    )
    assert answer.status_code == 201
    address = f"{door.root}{answer.json()['id']}/{door.delete_suffix}"
    answer = door.client.delete(address, headers=door.headers)
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_browser_is_shown_pages_that_do_not_break(door, alice, client):
    """DRF's browsable API, for a stranger and for someone logged in on the pages."""
    shown = door.publish("<b>Look</b>", picture(), "A wall")
    for address in (door.root, f"{door.root}{shown.id}/", f"{door.root}999/", door.root + "new/"):
        for _ in range(2):
            answer = client.get(address, headers={"Accept": "text/html"})
            assert answer.status_code < 500
            assert b"<b>Look</b>" not in answer.content
            client.force_login(alice)
        client.logout()


def test_more_text_than_anything_here_needs_is_refused(door, everything):
    before, content = everything(), b'{"body": "' + b"a" * 3 * 1024 * 1024 + b'"}'
    address = door.root + door.new
    answer = door.client.generic("POST", address, content, "application/json", headers=door.headers)
    assert answer.status_code == 413
    assert answer["Content-Type"].startswith("application/json")
    assert everything() == before
