"""The pages for developers load nothing from another site."""

import re

import pytest

OUR_OWN = re.compile(rb'(?:src|href)="(?!/|#|data:|\.|\?|\{)[^"]*//')


@pytest.mark.parametrize("url", ["/api/docs/", "/api/redoc/", "/graphql/"])
def test_a_developers_page_loads_nothing_from_another_site(db, client, url):
    response = client.get(url, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert not OUR_OWN.findall(response.content)
    for host in (b"cdn.", b"unpkg", b"jsdelivr", b"googleapis"):
        assert host not in response.content


def test_browsers_find_an_icon_for_a_page_without_one(client):
    response = client.get("/favicon.ico", follow=True)
    assert response.redirect_chain[0][0].startswith("/static/icon")


@pytest.mark.parametrize("url", ["/api/docs/", "/api/redoc/"])
@pytest.mark.parametrize("kind", ["text/html", "application/json", "*/*"])
@pytest.mark.parametrize("method", ["options", "post"])
def test_a_developers_page_allows_only_get(db, client, url, kind, method):
    response = getattr(client, method)(url, headers={"Accept": kind})
    assert response.status_code in (405, 406)


@pytest.mark.parametrize(
    "url", ["/fbv/posts/", "/fbv/posts/{}/", "/api/docs/", "/graphql/", "/admin/login/"]
)
def test_no_inline_script_is_allowed(client, post, url):
    response = client.get(url.format(post().pk), headers={"Accept": "text/html"})
    assert response.status_code == 200
    policy = response["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert "unsafe" not in rules.get("script-src", rules["default-src"])
    assert response["X-Content-Type-Options"] == "nosniff"
    inline = re.findall(rb"<script(?![^>]*\bsrc=)([^>]*)>", response.content)
    data = (b"nonce=", b"application/json", b"application/ld+json")
    assert [tag for tag in inline if not any(each in tag for each in data)] == []


def test_the_openapi_document_has_the_operations(db, client):
    text = client.get("/api/schema/").content.decode()
    for path in ("/api/fbv/posts/new/", "/api/cbv/posts/{id}/like/", "/api/auth/token/"):
        assert path in text


def test_each_operation_on_posts_has_examples_of_request_and_response(db, client):
    document = client.get("/api/schema/", headers={"Accept": "application/json"}).json()
    paths = {path: it for path, it in document["paths"].items() if "/posts/" in path}
    assert len(paths) == 22
    bodies = {
        (path, method, name): body.get("content", {}).get("application/json")
        for path, operations in paths.items()
        for method, operation in operations.items()
        for name, body in {
            **operation["responses"],
            "sent": operation.get("requestBody", {}),
        }.items()
    }
    assert [where for where, body in bodies.items() if body and "examples" not in body] == []
