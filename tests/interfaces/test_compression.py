"""Pages and JSON are compressed for clients that take gzip (P24), and mean the same."""

import gzip
import re

import pytest
from django.test import Client

from tests.contract.drivers import RestFunctions
from tests.pictures import picture

GZIP = {"Accept-Encoding": "gzip, deflate, br"}
BODY = "The tide tables are out. High water on Saturday is at ten past nine, so come at eight: {}"
LISTS = ["/fbv/posts/", "/api/fbv/posts/", "/api/cbv/posts/"]


@pytest.fixture
def posts(post):
    return [post(body=BODY.format(number)) for number in range(20)]


@pytest.mark.parametrize("url", LISTS)
def test_p24_a_list_takes_a_quarter_of_its_bytes(posts, client, url):
    plain, compressed = client.get(url), client.get(url, headers=GZIP)
    assert "Content-Encoding" not in plain
    assert compressed["Content-Encoding"] == "gzip"
    assert int(compressed["Content-Length"]) == len(compressed.content) < len(plain.content) / 4
    assert without_time(gzip.decompress(compressed.content)) == without_time(plain.content)
    for response in (plain, compressed):
        assert "Accept-Encoding" in response["Vary"]


def without_time(page):
    """Return the page without the time that it took, which its footer shows."""
    return re.sub(rb"\d+ ms", b"", page)


def test_a_compressed_page_is_not_sent_twice(posts, client):
    page = client.get("/fbv/posts/", headers=GZIP)
    again = client.get("/fbv/posts/", headers={**GZIP, "If-None-Match": page["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_etag_of_a_compressed_post_is_a_condition_for_its_change(alice):
    driver = RestFunctions(alice)
    post = driver.publish(BODY)
    url = f"/api/fbv/posts/{post.id}/"
    etag = driver.client.get(url, headers=GZIP)["ETag"]
    statuses = [
        driver.client.patch(
            f"{url}update/",
            {"body": body},
            "application/json",
            headers={**driver.headers, "If-Match": etag},
        ).status_code
        for body in ("Changed", "Changed by somebody who has seen the first version")
    ]
    assert statuses == [200, 412]


def test_a_picture_is_sent_as_it_is(alice, client):
    url = RestFunctions(alice).publish("Look", picture()).image
    response = client.get(url, headers=GZIP)
    assert b"".join(response.streaming_content)
    assert "Content-Encoding" not in response


def test_a_compressed_form_has_another_csrf_token_each_time(alice, posts):
    """Of a token that never changes, the size of compressed pages could tell a part (BREACH)."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    pages = [gzip.decompress(browser.get("/fbv/posts/", headers=GZIP).content) for _ in range(2)]
    tokens = {re.search(rb'csrfmiddlewaretoken" value="(\w+)"', page)[1] for page in pages}
    assert len(tokens) == 2
