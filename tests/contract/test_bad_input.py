"""What no client of good will sends: the right 4xx in the shape of the door, never an error of
ours, and nothing stored."""

import pytest

from tests.contract.drivers import GraphQL, Pages, Rest
from tests.contract.exceptions import Invalid, NotAuthenticated

JSON = "application/json"
FORM = "multipart/form-data; boundary=x"
GARBAGE = {
    "nothing": (b"", JSON),
    "malformed JSON": (b'{"body": ', JSON),
    "a list": (b'["body", "image"]', JSON),
    "a number": (b"1", JSON),
    "null": (b"null", JSON),
    "a text": (b'"body"', JSON),
    "deep lists": (b"[" * 60_000, JSON),
    "deep lists that end": (b"[" * 30_000 + b"]" * 30_000, JSON),
    "deep objects": (b'{"body":' * 7_000, JSON),
    "a deep body": (b'{"body":' + b"[" * 30_000 + b"]" * 30_000 + b"}", JSON),
    "invalid UTF-8": (b'{"body": "\xff\xfe"}', JSON),
    "half a pair": (b'{"body": "\\ud800"}', JSON),
    "not a number": (b'{"body": NaN}', JSON),
    "infinity": (b'{"body": Infinity}', JSON),
    "a number too large": (b'{"body": 1' + b"0" * 400 + b"}", JSON),
    "an odd charset": (b"{}", "application/json; charset=nonsense"),
    "a form without a boundary": (b"body=Hello", "multipart/form-data"),
    "a form that is none": (b"\xff\0", FORM),
    "no type": (b"Hello", ""),
    "plain text": (b"Hello", "text/plain"),
    "XML": (b"<body>Hello</body>", "application/xml"),
    "a type that is none": (b"Hello", "a/b/c; ="),
}


def send(door, content, content_type, method="POST"):
    """Send bytes to where this door takes new posts."""
    if isinstance(door, GraphQL):
        address, headers = "/graphql/", door.headers
    elif isinstance(door, Rest):
        address, headers = door.root + door.new, door.headers
    else:
        address, headers = f"{door.root}new/", {"X-CSRFToken": door.token()}
    return door.client.generic(method, address, content, content_type, headers=headers)


def check_shape(door, response):
    kind = "text/html" if isinstance(door, Pages) else "application/json"
    assert response["Content-Type"].startswith(kind)
    assert len(response.content) > 10
    assert b"Traceback" not in response.content
    assert b"Internal error" not in response.content


@pytest.mark.parametrize(("content", "content_type"), GARBAGE.values(), ids=GARBAGE)
@pytest.mark.parametrize("signed_in", [True, False], ids=["alice", "a stranger"])
def test_garbage_is_refused(interface, alice, everything, signed_in, content, content_type):
    door, before = interface(alice if signed_in else None), everything()
    response = send(door, content, content_type)
    assert response.status_code in ({400, 415} | ({403} if not signed_in else set()))
    check_shape(door, response)
    assert everything() == before


@pytest.mark.parametrize("value", [5, 1.5, True, [], ["a"], {}, {"a": "b"}, [[]]], ids=str)
def test_a_text_is_a_text(interface, alice, refused, value):
    door = interface(alice)
    if isinstance(door, Pages):
        return  # a form sends nothing but texts and files
    with refused(Invalid):
        door.publish(value)


@pytest.mark.parametrize("value", [None, 5, "pictures/a.png", [], {}], ids=str)
def test_a_picture_is_a_file(interface, alice, everything, value):
    """Above all not the name of a file, which could be somebody else's."""
    door = interface(alice)
    if isinstance(door, Pages):
        return
    try:
        if isinstance(door, GraphQL):
            shown = door.mutate("createPost", body="Mine", image=value)
        else:
            shown = door.write("POST", door.new, {"body": "Mine", "image": value})
    except Invalid:
        assert everything()["posts"] == []
    else:
        assert (value, shown.image) == (None, None)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "NONSENSE"])
def test_a_method_that_does_nothing_here_is_refused(interface, alice, everything, method):
    door, before = interface(alice), everything()
    response = send(door, b"{}", JSON, method)
    assert response.status_code == 405
    assert response["Allow"]
    assert everything() == before


def test_a_page_is_not_changed_by_a_request_from_elsewhere(interface, alice, post, everything):
    """B2: without its token a form is refused, in words that a person understands."""
    door, mine, before = interface(alice), post(alice), everything()
    if not isinstance(door, Pages):
        door.client.force_login(alice)
    for path in ("new/", f"{mine.pk}/edit/", f"{mine.pk}/delete/", f"{mine.pk}/like/"):
        if isinstance(door, Pages):
            response = door.client.post(door.root + path, {"body": "Forged"})
        elif isinstance(door, GraphQL):
            query = 'mutation { createPost(body: "Forged") { post { id } } }'
            response = door.client.post("/graphql/", {"query": query}, JSON)
        else:
            address = door.root + (path if path == f"{mine.pk}/like/" else door.new)
            response = door.client.post(address, {"body": "Forged"}, JSON)
        assert response.status_code == 403
        check_shape(door, response)
    assert everything() == before


@pytest.mark.parametrize("address", ["delete/", "like/", "edit/"])
def test_reading_an_address_changes_nothing(interface, alice, post, everything, address):
    """B2: what is asked at `delete/` and `edit/` is a question, and `like/` takes no GET."""
    door, mine, before = interface(alice), post(alice), everything()
    if not isinstance(door, GraphQL):
        response = door.client.get(f"{door.root}{mine.pk}/{address}")
        assert response.status_code < 500
        assert address != "like/" or response.status_code == 405
    mutation = f"mutation {{ deletePost(id: {mine.pk}) {{ deletedId }} }}"
    headers = getattr(door, "headers", {})
    response = door.client.get("/graphql/", {"query": mutation}, headers=headers)
    assert response.status_code < 500
    assert everything() == before


TOKENS = {
    "empty": "",
    "no token": "Bearer",
    "nonsense": "Bearer nonsense",
    "three parts": "Bearer a.b.c",
    "another scheme": "Basic YWxpY2U6c2VjcmV0",
    "100 kB": "Bearer " + "a" * 100_000,
    "two tokens": "Bearer a b",
}


@pytest.mark.parametrize("header", TOKENS.values(), ids=TOKENS)
def test_a_bad_token_never_makes_a_stranger_of_its_owner(interface, post, refused, header):
    door = interface()
    if isinstance(door, Pages):
        return
    door.headers = {"Authorization": header}
    with refused(NotAuthenticated):
        door.publish("Hello")
    with refused(NotAuthenticated):
        door.timeline()
