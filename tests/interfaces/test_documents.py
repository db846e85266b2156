"""The pages for developers: served by us, and asking no other site for anything."""

import re

import pytest

OUR_OWN = re.compile(rb'(?:src|href)="(?!/|#|data:|\.|\?|\{)[^"]*//')


@pytest.mark.parametrize("address", ["/api/docs/", "/api/redoc/", "/graphql/"])
def test_a_developers_page_asks_no_other_site(db, client, address):
    answer = client.get(address, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert not OUR_OWN.findall(answer.content)
    for host in (b"cdn.", b"unpkg", b"jsdelivr", b"googleapis"):
        assert host not in answer.content


def test_browsers_find_an_icon_where_a_page_names_none(client):
    answer = client.get("/favicon.ico", follow=True)
    assert answer.redirect_chain[0][0].startswith("/static/icon")


@pytest.mark.parametrize("address", ["/api/docs/", "/api/redoc/"])
@pytest.mark.parametrize("kind", ["text/html", "application/json", "*/*"])
@pytest.mark.parametrize("method", ["options", "post"])
def test_a_developers_page_is_only_read(db, client, address, kind, method):
    answer = getattr(client, method)(address, headers={"Accept": kind})
    assert answer.status_code in (405, 406)


@pytest.mark.parametrize("address", ["/fbv/posts/", "/api/docs/", "/graphql/", "/admin/login/"])
def test_no_inline_script_is_allowed(db, client, address):
    answer = client.get(address, headers={"Accept": "text/html"})
    policy = answer["Content-Security-Policy"]
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert "unsafe" not in rules.get("script-src", rules["default-src"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    inline = re.findall(rb"<script(?![^>]*\bsrc=)([^>]*)>", answer.content)
    assert [tag for tag in inline if b"nonce=" not in tag and b"application/json" not in tag] == []


def test_the_document_names_every_operation(db, client):
    text = client.get("/api/schema/").content.decode()
    for path in ("/api/fbv/posts/new/", "/api/cbv/posts/{id}/like/", "/api/auth/token/"):
        assert path in text


def test_each_operation_on_posts_shows_what_is_sent_and_what_comes_back(db, client):
    document = client.get("/api/schema/", headers={"Accept": "application/json"}).json()
    paths = {path: it for path, it in document["paths"].items() if "/posts/" in path}
    assert len(paths) == 9
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
