"""A post may carry a picture with its description."""

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from tests.contract.exceptions import Invalid
from tests.pictures import bomb, invalid_image, picture, too_large, upload
from ublog.blog.tasks import render


def stored(path: str) -> Image.Image:
    with default_storage.open(path.removeprefix("/media/")) as file:
        image = Image.open(file)
        image.load()
        return image


def test_alice_publishes_a_picture_with_its_description(interface, alice, bob):
    published = interface(alice).publish("Look", picture((40, 30)), "A teal wall")
    for shown in (published, interface(bob).read(published.id), *interface().timeline().posts):
        assert shown.image_alt == "A teal wall"
        assert stored(shown.image).size == (40, 30)


@pytest.mark.five
def test_an_anonymous_user_publishes_a_picture(interface):
    shown = interface().publish("Look", picture(), "A teal wall")
    assert (shown.author, shown.image_alt) == (None, "A teal wall")
    assert stored(shown.image).size == (40, 30)


def test_the_picture_that_is_kept_can_be_seen_whole(interface, alice):
    published = interface(alice).publish("Look", picture((2000, 300)))
    render(published.id)
    shown = interface(alice).read(published.id)
    assert shown.image == published.image
    assert stored(shown.image).size == (2000, 300)


def test_a_picture_is_served_at_its_address(interface, alice, client):
    response = client.get(interface(alice).publish("Look", picture()).image)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/png"
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", [".", "..", "\u200b"])
def test_a_picture_is_not_lost_by_its_name(interface, alice, name):
    image = picture()
    image._name = name  # as a client sends it: Django would clean or reject it here
    assert interface(alice).publish("Look", image).image


def test_a_picture_needs_no_description(interface, alice):
    assert interface(alice).publish("Look", picture()).image_alt == ""


def test_without_a_picture_no_description_is_kept(interface, alice):
    shown = interface(alice).publish("Look", image_alt="Nothing to see")
    assert (shown.image, shown.image_alt) == (None, "")


@pytest.mark.parametrize(
    "make",
    [invalid_image, too_large, bomb, lambda: upload(b"\x89PNG\r\n\x1a\n", "short.png")],
    ids=["text", "too large", "bomb", "truncated"],
)
def test_what_is_no_acceptable_picture_is_rejected(interface, alice, rejected, make):
    with rejected(Invalid) as error:
        interface(alice).publish("Look", make())
    assert error.value.fields == {"image"}


def test_an_unacceptable_picture_does_not_replace_a_good_one(interface, alice, rejected):
    published = interface(alice).publish("Look", picture(), "A teal wall")
    with rejected(Invalid) as error:
        interface(alice).edit(published.id, image=invalid_image())
    assert error.value.fields == {"image"}
    assert interface(alice).read(published.id) == published


def test_the_picture_stays_when_the_text_is_edited(interface, alice):
    published = interface(alice).publish("Look", picture(), "A teal wall")
    edited = interface(alice).edit(published.id, body="Look here")
    assert (edited.image, edited.image_alt) == (published.image, "A teal wall")


def test_the_text_stays_when_the_description_is_edited(interface, alice):
    published = interface(alice).publish("Look", picture(), "A teal wall")
    edited = interface(alice).edit(published.id, image_alt="A wall painted teal")
    assert (edited.body, edited.image) == ("Look", published.image)
    assert edited.image_alt == "A wall painted teal"


@pytest.mark.django_db(transaction=True)
def test_a_replaced_picture_leaves_no_file_behind(interface, alice, media):
    published = interface(alice).publish("Look", picture((40, 30)))
    edited = interface(alice).edit(published.id, image=picture((20, 10)))
    assert stored(edited.image).size == (20, 10)
    assert [path.name for path in media.rglob("*.png")] == [edited.image.rsplit("/", 1)[1]]


@pytest.mark.django_db(transaction=True)
def test_a_removed_picture_leaves_nothing_behind(interface, alice, media):
    published = interface(alice).publish("Look", picture(), "A teal wall")
    edited = interface(alice).edit(published.id, image="")
    assert (edited.body, edited.image, edited.image_alt) == ("Look", None, "")
    assert list(media.rglob("*.png")) == []


@pytest.mark.django_db(transaction=True)
def test_a_deleted_post_takes_its_picture_along(interface, alice, media):
    published = interface(alice).publish("Look", picture())
    interface(alice).delete(published.id)
    assert list(media.rglob("*.*")) == []
