"""What only REST has, through both of its styles."""

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request

from tests.contract.drivers import RestFunctions, RestViewSet
from tests.contract.exceptions import Invalid
from tests.pictures import picture
from ublog.interfaces.rest.renderers import BrowsableRenderer, Negotiation, OrjsonRenderer
from ublog.interfaces.rest.serializers import PostResponseSerializer


@pytest.fixture(params=[RestFunctions, RestViewSet], ids=lambda interface: interface.name)
def interface(request, alice):
    return request.param(alice)


def test_a_post_is_replaced_by_put(interface):
    post = interface.publish("Look", picture(), "A wall")
    replaced = interface.replace(post.id, body="Look here", image_alt="A teal wall")
    assert (replaced.body, replaced.image_alt, replaced.image) == (
        "Look here",
        "A teal wall",
        post.image,
    )


def test_put_requires_a_body_and_patch_does_not(interface, rejected):
    post = interface.publish("Look")
    with rejected(Invalid) as error:
        interface.replace(post.id, image_alt="A wall")
    assert error.value.fields == {"body"}
    assert interface.edit(post.id).body == "Look"


def test_an_empty_image_in_a_form_removes_it(interface):
    post = interface.publish("Look", picture(), "A wall")
    form = encode_multipart(BOUNDARY, {"body": "Look", "image": ""})
    url = f"{interface.root}{post.id}/{interface.edit_suffix}"
    response = interface.send("PATCH", url, data=form, content_type=MULTIPART_CONTENT)
    assert response["image"] is None


def test_a_form_removes_an_image_by_a_field_of_its_own(interface):
    post = interface.publish("Look", picture(), "A wall")
    url = f"{interface.root}{post.id}/{interface.edit_suffix}"
    for value, stays in (("false", True), ("true", False)):
        form = encode_multipart(BOUNDARY, {"image_remove": value})
        response = interface.send("PATCH", url, data=form, content_type=MULTIPART_CONTENT)
        assert bool(response["image"]) == stays


def test_a_post_may_be_sent_as_a_form_without_files(interface):
    kind = "application/x-www-form-urlencoded"
    first = interface.publish("First")
    url = interface.root + interface.new
    post = interface.send(
        "POST", url, data=f"body=Caf%C3%A9+ol%C3%A9&in_reply_to={first.id}", content_type=kind
    )
    assert (post["body"], post["in_reply_to"]) == ("Café olé", first.id)
    url = f"{interface.root}{post['id']}/{interface.edit_suffix}"
    assert interface.send("PATCH", url, data="body=Tea", content_type=kind)["body"] == "Tea"


def test_a_post_has_the_documented_fields(interface):
    published = interface.publish("Look", picture((40, 30)), "A wall")
    post = interface.send("GET", f"{interface.root}{published.id}/")
    assert set(post) == set(PostResponseSerializer().fields)
    assert post["created_by"] == {"username": "alice", "display_name": "", "avatar": None}
    assert set(post["image"]) == {"url", "width", "height", "alt", "color", "renditions"}
    assert (post["image"]["width"], post["image"]["height"]) == (40, 30)
    assert post["created_on"] == post["modified_on"]
    assert post["created_on"].endswith("Z") or post["created_on"].endswith("+00:00")


def test_the_links_of_a_list_keep_the_query_parameters(interface):
    for n in range(3):
        interface.publish(f"tea {n}")
    page = interface.send("GET", f"{interface.root}?q=tea&author=alice&page_size=2")
    for parameter in ("q=tea", "author=alice", "page_size=2", "cursor="):
        assert parameter in page["next"]
    assert page["next"].startswith(f"{interface.root}?")
    assert page["previous"] is None


def test_filters_in_the_url_of_a_post_are_ignored(interface):
    post = interface.publish("tea")
    url = f"{interface.root}{post.id}/?q=coffee&author=nobody"
    assert interface.send("GET", url)["id"] == post.id


def test_create_responds_with_201_and_delete_with_204(interface):
    response = interface.client.post(
        interface.root + interface.new,
        {"body": "Hello"},
        "application/json",
        headers=interface.headers,
    )
    assert response.status_code == 201
    url = f"{interface.root}{response.json()['id']}/{interface.delete_suffix}"
    response = interface.client.delete(url, headers=interface.headers)
    assert (response.status_code, response.content) == (204, b"")


def test_the_browsable_api_shows_no_markup_of_users(interface, alice, client):
    """For an anonymous user, and for one logged in on the pages."""
    post = interface.publish("<b>Look</b>", picture(), "A wall")
    for url in (
        interface.root,
        f"{interface.root}{post.id}/",
        f"{interface.root}999/",
        interface.root + "new/",
    ):
        for _ in range(2):
            response = client.get(url, headers={"Accept": "text/html"})
            assert response.status_code < 500
            assert b"<b>Look</b>" not in response.content
            client.force_login(alice)
        client.logout()


def test_a_body_larger_than_any_field_is_a_413(interface, everything):
    before, content = everything(), b'{"body": "' + b"a" * 3 * 1024 * 1024 + b'"}'
    url = interface.root + interface.new
    response = interface.client.generic(
        "POST", url, content, "application/json", headers=interface.headers
    )
    assert response.status_code == 413
    assert response["Content-Type"].startswith("application/json")
    assert everything() == before


ACCEPTED = (
    *("*/*", "application/json", "application/json, text/plain, */*", "text/html", "text/*", ""),
    *("text/html, application/json;q=0.9", "application/json; indent=4", "image/png"),
)


@pytest.mark.parametrize("renderers", [[OrjsonRenderer, BrowsableRenderer], [BrowsableRenderer]])
@pytest.mark.parametrize("query", [{}, {"format": "api"}, {"format": "json"}], ids=str)
@pytest.mark.parametrize("accept", [None, *ACCEPTED])
def test_the_short_way_of_negotiation_chooses_what_drf_chooses(accept, query, renderers):
    headers = {} if accept is None else {"Accept": accept}
    instances = [renderer() for renderer in renderers]

    def chosen(negotiation):
        request = Request(RequestFactory().get("/", query, headers=headers))
        try:
            return negotiation().select_renderer(request, instances)
        except (NotAcceptable, Http404) as error:
            return type(error)

    assert chosen(Negotiation) == chosen(DefaultContentNegotiation)
