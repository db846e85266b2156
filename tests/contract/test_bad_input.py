"""Malformed requests are the right 4xx, in the interface's form of it, and store nothing."""

import pytest

from tests.contract.drivers import MARKS, GraphQL, Pages, Rest
from tests.contract.exceptions import Invalid, NotAuthenticated

pytestmark = pytest.mark.five

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
    "bytes that are not a form": (b"\xff\0", FORM),
    "no type": (b"Hello", ""),
    "plain text": (b"Hello", "text/plain"),
    "XML": (b"<body>Hello</body>", "application/xml"),
    "a malformed type": (b"Hello", "a/b/c; ="),
}


def send(driver, content, content_type, method="POST"):
    """Send bytes to the URL for new posts."""
    if isinstance(driver, GraphQL):
        address, headers = "/graphql/", driver.headers
    elif isinstance(driver, Rest):
        address, headers = driver.root + driver.new, driver.headers
    else:
        address, headers = f"{driver.root}new/", {"X-CSRFToken": driver.token()}
    return driver.client.generic(method, address, content, content_type, headers=headers)


def check_shape(driver, response):
    kind = "text/html" if isinstance(driver, Pages) else "application/json"
    assert response["Content-Type"].startswith(kind)
    assert len(response.content) > 10
    assert b"Traceback" not in response.content
    assert b"Internal error" not in response.content


@pytest.mark.parametrize(("content", "content_type"), GARBAGE.values(), ids=GARBAGE)
def test_garbage_is_rejected(interface, alice, everything, content, content_type):
    before = everything()
    for user, statuses in ((alice, {400, 415}), (None, {400, 403, 415})):
        driver = interface(user)
        response = send(driver, content, content_type)
        assert response.status_code in statuses
        check_shape(driver, response)
    assert everything() == before


def test_a_text_is_a_text(interface, alice, rejected):
    driver = interface(alice)
    if isinstance(driver, Pages):
        return  # a form sends nothing but texts and files
    for value in (5, 1.5, True, [], ["a"], {}, {"a": "b"}, [[]]):
        with rejected(Invalid):
            driver.publish(value)


def test_a_picture_is_a_file(interface, alice, everything):
    """Above all not the name of a file, which may be the image of another user."""
    driver = interface(alice)
    if isinstance(driver, Pages):
        return

    def publish(image):
        if isinstance(driver, GraphQL):
            return driver.mutate("createPost", body="Mine", image=image)
        return driver.write("POST", driver.new, {"body": "Mine", "image": image})

    for value in (5, "pictures/a.png", [], {}):
        with pytest.raises(Invalid):
            publish(value)
    assert everything()["posts"] == []
    assert publish(None).image is None


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "NONSENSE"])
def test_a_method_that_does_nothing_here_is_rejected(interface, alice, everything, method):
    driver, before = interface(alice), everything()
    response = send(driver, b"{}", JSON, method)
    assert response.status_code == 405
    assert response["Allow"]
    assert everything() == before


def test_a_page_is_not_changed_by_a_request_from_elsewhere(interface, alice, post, everything):
    """B2: a form without its CSRF token is a 403, with a text that a user understands."""
    driver, mine, before = interface(alice), post(alice), everything()
    if not isinstance(driver, Pages):
        driver.client.force_login(alice)
    marks = [f"{mine.pk}/{mark}/" for mark in MARKS]
    for path in ("new/", f"{mine.pk}/edit/", f"{mine.pk}/delete/", *marks):
        if isinstance(driver, Pages):
            response = driver.client.post(driver.root + path, {"body": "Forged"})
        elif isinstance(driver, GraphQL):
            query = 'mutation { createPost(body: "Forged") { post { id } } }'
            response = driver.client.post("/graphql/", {"query": query}, JSON)
        else:
            address = driver.root + (path if path in marks else driver.new)
            response = driver.client.post(address, {"body": "Forged"}, JSON)
        assert response.status_code == 403
        check_shape(driver, response)
    assert everything() == before


@pytest.mark.parametrize("path", ["delete", "edit", *MARKS])
def test_reading_an_address_changes_nothing(interface, alice, post, everything, path):
    """B2: a GET of `delete/` or `edit/` returns a form, and a GET of `like/` is a 405."""
    driver, mine, before = interface(alice), post(alice), everything()
    if not isinstance(driver, GraphQL):
        response = driver.client.get(f"{driver.root}{mine.pk}/{path}/")
        assert response.status_code < 500
        assert path not in MARKS or response.status_code == 405
    mutation = f"mutation {{ deletePost(id: {mine.pk}) {{ deletedId }} }}"
    headers = getattr(driver, "headers", {})
    response = driver.client.get("/graphql/", {"query": mutation}, headers=headers)
    assert response.status_code < 500
    assert everything() == before


TOKENS = [
    "",
    "Bearer",
    "Bearer nonsense",
    "Bearer a.b.c",
    "Basic YWxpY2U6c2VjcmV0",
    "Bearer " + "a" * 100_000,
    "Bearer a b",
]


def test_a_bad_token_never_makes_an_anonymous_user_of_its_owner(interface, post, rejected):
    driver = interface()
    if isinstance(driver, Pages):
        return
    for header in TOKENS:
        driver.headers = {"Authorization": header}
        with rejected(NotAuthenticated):
            driver.publish("Hello")
        with rejected(NotAuthenticated):
            driver.timeline()
