"""Stored images are served as images, and never as something that a browser executes."""

import io

import pytest
from PIL import Image

from tests.pictures import encoded, picture, upload
from ublog.blog import actions
from ublog.blog.tasks import render

pytestmark = pytest.mark.django_db


@pytest.fixture
def post(alice):
    """Publish a photograph with an orientation and a place in its EXIF; make its renditions."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "CANARY"
    photo = upload(encoded(Image.new("RGB", (1600, 1200)), "JPEG", exif=exif), "a.jpeg")
    made = actions.publish(by=alice, body="Look", image=photo)
    render(made.pk)
    made.refresh_from_db()
    return made


def test_a_photograph_is_upright_and_has_no_place_in_any_size(post, client, media):
    assert (post.image_width, post.image_height) == (1200, 1600)
    sizes = []
    for path in media.rglob("*.*"):
        content = path.read_bytes()
        image = Image.open(io.BytesIO(content))
        assert b"CANARY" not in content
        assert not image.getexif()
        sizes.append(image.size)
    assert sorted(sizes) == [(640, 853), (1200, 1600)]


def test_an_image_has_headers_against_execution(post, client, alice):
    client.force_login(alice)
    response = client.get(post.image_info["renditions"][0]["url"])
    assert response["Content-Type"] == "image/webp"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "immutable" in response["Cache-Control"]
    assert "Cookie" not in response.get("Vary", "")
    assert not response.cookies
    response.close()


@pytest.mark.parametrize("name", ["", "pictures/", "pictures/ab/", "../ublog.sqlite3", "a.svg"])
def test_nothing_but_images_is_served(client, media, name):
    media.mkdir()
    (media / "a.svg").write_bytes(b"<svg/>")
    assert client.get(f"/media/{name}").status_code == 404


def test_a_png_is_served_as_it_is_until_it_is_rendered(client, alice):
    made = actions.publish(by=alice, body="Look", image=picture())
    response = client.get(made.image_info["url"])
    assert response["Content-Type"] == "image/png"
    response.close()
