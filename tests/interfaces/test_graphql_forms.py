"""Multipart requests to GraphQL. Any site can have a browser send one, so each needs a proof."""

import json

import pytest
from django.test import Client

from tests.pictures import picture
from tests.tokens import bearer

OURS = {"X-Ublog": "1"}
QUERY = 'mutation ($image: Upload) { createPost(body: "Hi", image: $image) { post { id } } }'


@pytest.fixture
def browser(db):
    return Client(enforce_csrf_checks=True)


def send(browser, file_map='{"0": ["variables.image"]}', **headers):
    """Send a multipart request, as the app sends a post with an image."""
    operation = json.dumps({"query": QUERY, "variables": {"image": None}})
    parts = {"operations": operation, "map": file_map, "0": picture()}
    return browser.post("/graphql/", parts, headers=headers)


def test_an_anonymous_form_from_our_app_is_accepted(browser, everything):
    assert send(browser, **OURS).status_code == 200
    assert len(everything()["posts"]) == 1


@pytest.mark.parametrize(
    "file_map",
    [
        "{}",
        '{"0": []}',
        '{"0": ["variables.other"]}',
        '{"0": ["image"]}',
        '{"0": ["variables"]}',
        '{"0": "variables.image"}',
        '{"0": ["variables.image"], "1": ["variables.image"]}',
        "[]",
    ],
)
def test_no_post_is_published_without_the_image_that_was_sent(browser, everything, file_map):
    before = everything()
    response = send(browser, file_map, **OURS)
    assert response.status_code == 400
    assert "`map`" in response.json()["errors"][0]["message"]
    assert everything() == before


@pytest.mark.parametrize("headers", [{}, {"X-Ublog": "0"}, {"X-Ublog": ""}], ids=str)
def test_an_anonymous_form_from_elsewhere_is_a_403(browser, everything, headers):
    before = everything()
    assert send(browser, **headers).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("headers", [{}, OURS], ids=str)
def test_a_session_needs_the_csrf_token_whatever_the_header_says(
    browser, alice, everything, headers
):
    browser.force_login(alice)
    before = everything()
    assert send(browser, **headers).status_code == 403
    assert everything() == before


def test_an_access_token_is_proof_enough(browser, alice):
    assert send(browser, **bearer(alice)).status_code == 200


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", ""])
def test_a_plain_form_is_never_an_operation(browser, everything, kind):
    before = everything()
    content = f"query={QUERY}"
    assert browser.generic("POST", "/graphql/", content, kind).status_code == 403
    assert browser.generic("POST", "/graphql/", content, kind, headers=OURS).status_code == 415
    assert everything() == before
