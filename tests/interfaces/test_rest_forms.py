"""What logged-in users manage takes forms, as posts do; what logs them in does not."""

import pytest
from django.test import Client

from tests.interfaces.test_openapi import document
from tests.tokens import bearer
from ublog.accounts.blocks import Block
from ublog.accounts.invitations import Invitation
from ublog.accounts.token_models import PersonalToken
from ublog.blog.states import PostState

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def send(person):
    """A function that sends a form as an administrator."""
    headers = bearer(person("root", is_staff=True, is_superuser=True))

    def sent(method, path, form, kind=FORM):
        return Client().generic(method, f"/api/{path}", form, kind, headers=headers)

    return sent


def test_moderators_act_by_forms(send, post):
    made = post(None)
    response = send("POST", f"moderation/posts/{made.pk}/", "action=hide&reason=Caf%C3%A9")
    assert response.status_code == 204, response.content
    made.refresh_from_db()
    assert made.state == PostState.HIDDEN
    assert send("POST", "moderation/blocks/", "domain=evil.example").status_code == 204
    assert Block.objects.get().value == "evil.example"


def test_a_token_is_made_by_a_form(send):
    response = send("POST", "auth/personal-tokens/", "name=cron&scopes=read&scopes=write&days=9")
    assert response.status_code == 201, response.content
    assert PersonalToken.objects.get().scopes == ["read", "write"]


def test_an_invitation_is_made_by_a_form(send):
    assert send("POST", "invitations/", "uses=3").status_code == 201
    assert Invitation.objects.latest("pk").uses == 3


def test_a_form_changes_only_what_it_names(send):
    before = send("PATCH", "site/", "welcome=Tea%3F").json()
    assert before["welcome"] == "Tea?"
    after = send("PATCH", "site/", "name=Tea+club").json()
    assert after == before | {"name": "Tea club"}
    profile = send("PATCH", "profile/", "bio=Tea+for+two").json()
    again = send("PATCH", "profile/", "display_name=Root").json()
    assert again == profile | {"display_name": "Root"}
    assert again["bio"] == "Tea for two"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        *(("PATCH", "site/"), ("PATCH", "profile/"), ("POST", "invitations/")),
        *(("POST", "auth/personal-tokens/"), ("POST", "moderation/blocks/")),
    ],
)
def test_another_media_type_is_a_415(send, everything, method, path):
    before = everything()
    for kind in ("application/xml", "text/plain"):
        response = send(method, path, b"<name/>", kind)
        assert (response.status_code, response["Content-Type"]) == (415, "application/json")
    assert everything() == before


@pytest.mark.parametrize(
    "path",
    [
        *("auth/token/", "auth/token/refresh/", "auth/token/logout/", "auth/register/"),
        *("auth/activate/", "auth/password-reset/", "auth/password-change/", "auth/email-change/"),
    ],
)
def test_a4_what_logs_in_or_takes_a_password_takes_json_only(send, everything, path):
    before = everything()
    assert send("POST", path, "email=alice%40example.org&password=x").status_code == 403
    assert everything() == before


@pytest.mark.parametrize("value", ["0", "true", "1.5"])
def test_a_number_is_no_text(send, post, value):
    made = post(None)
    body = b'{"action": "hide", "reason": %s}' % value.encode()
    path = f"moderation/posts/{made.pk}/"
    assert send("POST", path, body, "application/json").json() == {
        "reason": ["Not a valid string."]
    }
    for style in ("fbv", "cbv"):
        url = f"{style}/posts/{made.pk}/report/"
        response = send("POST", url, b'{"reason": %s}' % value.encode(), "application/json")
        assert (response.status_code, list(response.json())) == (400, ["reason"])
    profile = send("PATCH", "profile/", b'{"bio": %s}' % value.encode(), "application/json")
    assert (profile.status_code, list(profile.json())) == (400, ["bio"])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("put", "/api/fbv/users/{username}/mute/", "400"),
        ("put", "/api/cbv/users/{username}/mute/", "400"),
        ("get", "/api/auth/sessions/", "403"),
        ("get", "/api/auth/personal-tokens/", "403"),
        ("get", "/api/auth/allowed-applications/", "403"),
        ("get", "/api/profile/data/", "403"),
        ("get", "/api/profile/data/archive/", "403"),
    ],
)
def test_the_document_names_the_errors_that_there_are(method, path, status):
    """A user who mutes themselves; the token of a program where a login is needed."""
    assert status in document()["paths"][path][method]["responses"]
