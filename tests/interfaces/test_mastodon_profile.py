"""Apps for Mastodon change the profile of their user."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.contract.mastodon import Mastodon
from tests.pictures import invalid_image, picture
from tests.tokens import bearer
from ublog.accounts import personal_tokens
from ublog.accounts.models import CustomUser

JSON = "application/json"
UPDATE = "/api/v1/accounts/update_credentials"


@pytest.fixture
def update(alice):
    def call(fields, kind=JSON, headers=None):
        if kind == MULTIPART_CONTENT:
            fields = encode_multipart(BOUNDARY, fields)
        return Client().patch(UPDATE, fields, kind, headers=headers or bearer(alice))

    return call


def error_of(response, status=422):
    assert (response.status_code, response["Content-Type"]) == (status, JSON), response.content
    return response.json()["error"]


@pytest.mark.parametrize("kind", [JSON, MULTIPART_CONTENT])
def test_a_user_changes_what_an_app_sends_and_the_rest_stays(alice, update, kind):
    changed = update({"display_name": "Alice A.", "note": "Tea & #tea", "locked": "true"}, kind)
    assert (changed.status_code, changed.json()["display_name"]) == (200, "Alice A.")
    assert changed.json()["source"]["note"] == "Tea & #tea"
    assert update({"note": ""}).json()["note"] == ""
    alice.refresh_from_db()
    assert (alice.display_name, alice.bio, alice.username) == ("Alice A.", "", "alice")


def test_a_user_has_another_picture_and_then_none(alice, update):
    before = update({}).json()["avatar"]
    changed = update({"avatar": picture(), "note": "Tea"}, MULTIPART_CONTENT).json()
    alice.refresh_from_db()
    assert changed["avatar"].endswith(alice.avatar_large.name)
    assert default_storage.exists(alice.avatar_large.name)
    assert (alice.bio, changed["source"]["note"]) == ("Tea", "Tea")
    removed = Client().delete("/api/v1/profile/avatar", headers=bearer(alice))
    assert (removed.status_code, removed.json()["avatar"]) == (200, before)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"avatar": invalid_image(), "note": "Tea"}, "avatar"),
        ({"avatar": picture(), "display_name": "a" * 200}, "display_name"),
        ({"avatar": "data:image/png;base64,", "note": "Tea"}, "avatar"),
        ({"header": picture(), "note": "Tea"}, "header"),
        ({"note": "a" * 10_000, "display_name": "A"}, "note"),
    ],
    ids=["no picture", "a name too long", "no file", "a header", "a note too long"],
)
def test_all_of_it_changes_or_nothing(alice, update, everything, fields, wrong):
    before = everything()
    response = update(fields, MULTIPART_CONTENT)
    assert error_of(response)
    assert list(response.json()["details"]) == [wrong]
    assert everything() == before
    assert CustomUser.objects.get(pk=alice.pk).avatar_names == set()


def test_it_needs_a_user_and_the_scope(alice, update, settings):
    assert error_of(update({"note": "Tea"}, headers={"Accept": "*/*"}), 401)
    reads = personal_tokens.make(by=alice, name="phone", scopes=["read"], days=1).secret
    assert error_of(update({"note": "Tea"}, headers={"Authorization": f"Bearer {reads}"}), 403)
    alice.refresh_from_db()
    assert alice.bio == ""


def test_an_id_stays_when_the_name_changes_and_grows_with_time(alice, person):
    """Mastodon.py compares ids as numbers, and toot and others store them."""
    before = Mastodon().account("alice")
    alice.username = "alicia"
    alice.save()
    assert Mastodon().account("alicia") == before
    assert int(Mastodon().account(person("zoe").username)) > int(before)
