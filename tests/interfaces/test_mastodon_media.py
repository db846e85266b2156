"""Apps for Mastodon send a picture first, and then a post that has it."""

import pytest
from django.conf import settings
from django.test import Client

from tests.pictures import invalid_image, picture
from tests.together import together
from tests.tokens import bearer
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.uploads import Upload

JSON = "application/json"


@pytest.fixture
def send(alice):
    def call(method, path, fields=None, by=alice):
        return getattr(Client(), method)(
            f"/api/{path}", fields, JSON, headers=bearer(by) if by else {}
        )

    return call


@pytest.fixture
def upload(alice):
    def call(by=alice, path="v2/media", **fields):
        sent = {"file": picture(), "description": "A wall"} | fields
        return Client().post(f"/api/{path}", sent, headers=bearer(by))

    return call


@pytest.fixture
def publish(send, upload):
    def call():
        return send("post", "v1/statuses", {"status": "Look", "media_ids": [upload().json()["id"]]})

    return call


def error_of(response, status=422):
    assert (response.status_code, response["Content-Type"]) == (status, JSON), response.content
    return response.json()["error"]


@pytest.mark.parametrize("path", ["v1/media", "v2/media", "v1/media/", "v2/media/"])
def test_a_picture_is_ready_at_once(upload, path):
    response = upload(path=path)
    sent = response.json()
    assert (response.status_code, sent["type"], sent["description"]) == (200, "image", "A wall")
    assert sent["url"].startswith(f"{settings.SITE_URL}/media/pictures/")
    assert sent["preview_url"] == sent["url"]
    assert sent["meta"]["original"] == {"width": 40, "height": 30, "size": "40x30", "aspect": 4 / 3}
    assert sent["id"].isdigit()


@pytest.mark.parametrize("slash", ["", "/"])
def test_its_description_changes_until_it_is_published(send, upload, slash):
    path = f"v1/media/{upload().json()['id']}{slash}"
    assert send("get", path).json()["description"] == "A wall"
    assert send("put", path, {"description": "A teal wall"}).json()["description"] == "A teal wall"
    assert send("put", path, {"focus": "0,0"}).json()["description"] == "A teal wall"
    assert "1000" in error_of(send("put", path, {"description": "x" * 1001}))


@pytest.mark.parametrize("kind", ["JSON", "form"])
def test_a_post_has_it_with_its_description(alice, send, upload, kind):
    id = upload().json()["id"]
    if kind == "JSON":
        response = send("post", "v1/statuses", {"status": "Look", "media_ids": [id]})
    else:
        form = {"status": "Look", "media_ids[]": [id]}
        response = Client().post("/api/v1/statuses", form, headers=bearer(alice))
    (media,) = response.json()["media_attachments"]
    post = Post.objects.get()
    assert (media["id"], media["description"]) == (str(post.pk), "A wall")
    assert media["url"].endswith(post.image.name)
    assert error_of(send("get", f"v1/media/{id}"), 404)


def test_nobody_else_sees_or_publishes_it(bob, send, upload):
    id = upload().json()["id"]
    assert error_of(send("get", f"v1/media/{id}", by=bob), 404)
    assert error_of(send("put", f"v1/media/{id}", {"description": "Mine"}, by=bob), 404)
    message = error_of(send("post", "v1/statuses", {"status": "x", "media_ids": [id]}, by=bob))
    assert "belongs to a post already, or does not exist" in message
    assert error_of(send("get", f"v1/media/{id}", by=None), 401)
    assert Upload.objects.get().image_alt == "A wall"


def test_a_post_has_one_picture_and_it_has_one_post(send, upload):
    two = [upload().json()["id"] for _ in range(2)]
    assert "one picture" in error_of(send("post", "v1/statuses", {"status": "x", "media_ids": two}))
    for expected in (200, 422):
        response = send("post", "v1/statuses", {"status": "x", "media_ids": two[:1]})
        assert response.status_code == expected
    assert (Post.objects.count(), Upload.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_post_that_is_sent_eight_times_at_once_has_it_once(alice, upload):
    sent, responses = {"status": "Look", "media_ids": [upload().json()["id"]]}, []
    headers = bearer(alice) | {"Idempotency-Key": "once"}

    def publish():
        responses.append(Client().post("/api/v1/statuses", sent, JSON, headers=headers))

    together(*[publish] * 8)
    assert [response.status_code for response in responses] == [200] * 8
    assert len({response.content for response in responses}) == 1
    assert (Post.objects.count(), Upload.objects.count()) == (1, 0)
    assert Post.objects.get().image


@pytest.mark.parametrize("id", ["7", "0", "-1", "x", "9" * 40, str(10**15), None, {}])
def test_what_is_no_picture_makes_no_post(send, id):
    response = send("post", "v1/statuses", {"status": "x", "media_ids": [id]})
    assert error_of(response)
    assert error_of(send("get", f"v1/media/{id}"), 404)
    assert not Post.objects.exists()


@pytest.mark.parametrize("fields", [{"file": ""}, {"file": "x"}, {"file": invalid_image()}])
def test_what_is_no_image_is_an_error_of_the_file(upload, fields):
    response = upload(**fields)
    assert error_of(response).startswith("Validation failed: ")
    assert list(response.json()["details"]) == ["file"]
    assert "description" in upload(description="x" * 1001).json()["details"]


# -- Editing -----------------------------------------------------------------------------------


def test_an_edit_keeps_replaces_describes_and_removes_it(send, upload, publish):
    made = publish().json()
    id, media = made["id"], made["media_attachments"][0]

    def edit(**fields):
        return send("put", f"v1/statuses/{id}", {"status": "Edited", **fields}).json()

    assert edit()["media_attachments"] == [media]
    assert edit(media_ids=[media["id"]])["media_attachments"] == [media]
    described = [{"id": media["id"], "description": "Teal"}]
    changed = edit(media_ids=[media["id"]], media_attributes=described)
    assert changed["media_attachments"][0]["description"] == "Teal"
    other = upload(description="Two").json()
    replaced = edit(media_ids=[other["id"]])["media_attachments"][0]
    assert (replaced["url"], replaced["description"]) == (other["url"], "Two")
    assert edit(media_ids=[])["media_attachments"] == []
    assert not Upload.objects.exists()


def test_an_edit_by_somebody_else_takes_no_upload(alice, bob, send, upload):
    post = actions.publish(by=alice, body="Mine")
    id = upload(by=bob).json()["id"]
    response = send("put", f"v1/statuses/{post.pk}", {"status": "x", "media_ids": [id]}, by=bob)
    assert error_of(response, 403)
    assert Upload.objects.exists()
