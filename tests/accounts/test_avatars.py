"""A user has a picture in their profile, beside their posts, and wherever they are named."""

import io

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from tests.accounts.drivers import PASSWORD
from tests.contract.drivers import soup
from tests.contract.exceptions import Forbidden, Invalid, NotAuthenticated, RateLimited
from tests.pictures import encoded, invalid_image, picture, too_large, upload
from ublog.accounts.models import CustomUser
from ublog.blog import files, tasks
from ublog.blog.account_deletion import delete_account
from ublog.blog.fields import random_stem
from ublog.blog.models import Post


@pytest.fixture
def carols(interface, carol):
    browser = interface()
    browser.log_in(carol.email)
    return browser


def stored(url):
    with default_storage.open(url.removeprefix("/media/")) as file:
        return Image.open(file).convert("RGB")


def names():
    return {name for user in CustomUser.objects.all() for name in user.avatar_names}


def three_stripes():
    """Return a wide picture, as a camera stores it that was held upright: red, green, blue."""
    image = Image.new("RGB", (900, 300), "lime")
    image.paste("red", (0, 0, 300, 300))
    image.paste("blue", (600, 0, 900, 300))
    exif = Image.Exif()
    exif[0x0112] = 6
    return upload(encoded(image, "JPEG", exif=exif), "p.jpeg")


def test_carol_sets_her_picture_and_removes_it(carols, interface):
    assert interface().avatar_of("carol") is None
    carols.set_avatar(three_stripes())
    url = interface().avatar_of("carol")
    assert stored(url).size == (400, 400)
    assert stored(url.replace("-400", "-96")).size == (96, 96)
    assert max(stored(url).getpixel((200, 200))) == stored(url).getpixel((200, 200))[1], (
        "the middle"
    )
    carols.remove_avatar()
    assert interface().avatar_of("carol") is None
    assert names() == set()


def test_a_new_picture_replaces_the_old_one_and_its_files(
    carols, interface, django_capture_on_commit_callbacks
):
    carols.set_avatar(picture((500, 400)))
    before = names()
    with django_capture_on_commit_callbacks(execute=True):
        carols.set_avatar(picture((50, 40), "red"))
    assert not before & names()
    assert [default_storage.exists(name) for name in before] == [False, False]
    assert stored(interface().avatar_of("carol")).size == (400, 400), "a small one is enlarged"


@pytest.mark.parametrize("bad", [invalid_image, too_large])
def test_what_is_no_picture_is_rejected(carols, rejected, bad):
    with rejected(Invalid) as error:
        carols.set_avatar(bad())
    assert error.value.fields == {"avatar"}


def test_only_who_is_logged_in_has_a_picture(interface, carol, rejected):
    with rejected((NotAuthenticated, Forbidden)):  # GraphQL takes no form without a token
        interface().set_avatar(picture())
    with rejected(NotAuthenticated):
        interface().remove_avatar()


def test_pictures_have_the_limits_of_posts(carols, rejected, settings):
    settings.LIMITS = settings.LIMITS | {"image": "1/minute"}
    carols.set_avatar(picture())
    with rejected(RateLimited):
        carols.set_avatar(picture())


def test_pictures_count_in_the_quota(carols, rejected, settings):
    carols.set_avatar(picture())
    settings.IMAGE_QUOTA_BYTES = CustomUser.objects.get().avatar_bytes
    carols.set_avatar(picture())
    settings.IMAGE_QUOTA_BYTES -= 1
    with rejected(Invalid) as error:
        carols.set_avatar(picture())
    assert error.value.fields == {"avatar"}


def test_the_files_go_with_the_account(carols, carol, django_capture_on_commit_callbacks):
    carols.set_avatar(picture())
    before = names()
    with django_capture_on_commit_callbacks(execute=True):
        delete_account(by=carol, password=PASSWORD, posts="keep")
    assert [default_storage.exists(name) for name in before] == [False, False]


def test_only_files_that_nobody_has_are_swept(carols, monkeypatch):
    carols.set_avatar(picture())
    lost = f"{random_stem(files.AVATARS)}-96.webp"
    default_storage.save(lost, io.BytesIO(b"lost"))
    monkeypatch.setattr(files, "is_older", lambda name, age: True)
    assert set(files.orphans(tasks.KEEP_ORPHANS)) == {lost}


def test_it_is_beside_the_posts(carols, carol, client):
    Post.objects.create(created_by=carol, body="Hello")
    carols.set_avatar(picture())
    small = CustomUser.objects.get().avatar.url
    expected = [{"url": small, "width": 96, "height": 96}]
    for style in ("fbv", "cbv"):
        [image] = soup(client.get(f"/{style}/posts/")).select("article img")
        assert image["src"] == small
        [post] = client.get(f"/api/{style}/posts/").json()["results"]
        assert post["created_by"]["avatar"][:1] == expected
    query = "{ posts { edges { node { createdBy { avatar { url width height } } } } } }"
    data = client.post("/graphql/", {"query": query}, "application/json").json()["data"]
    assert data["posts"]["edges"][0]["node"]["createdBy"]["avatar"][:1] == expected


def test_without_one_a_letter_of_the_name_stands_for_it(carol, client):
    carol.display_name = "Émile"
    carol.save()
    Post.objects.create(created_by=carol, body="Hello")
    for path in ("/fbv/posts/", "/accounts/users/carol/"):
        [letter] = soup(client.get(path)).select("main .initial")[:1]
        assert letter.text == "É"
