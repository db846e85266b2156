"""CORS: scripts of other sites read what OAuth and Mastodon's API send, and nothing else.

That Mastodon's reads no cookie: test_mastodon.py.
"""

import pytest
from django.test import Client

from tests.architecture.test_urls import URLS

ORIGIN = "https://app.example.org"
METADATA = "/.well-known/oauth-authorization-server"
OPEN = ["/oauth/token", "/oauth/revoke", "/oauth/register", METADATA]
MASTODON = ("/api/v1/", "/api/v2/", "/.well-known/nodeinfo", "/nodeinfo/")
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


@pytest.mark.parametrize("url", URLS)
def test_scripts_of_other_sites_read_what_is_open_and_nothing_else(db, url):
    client = Client(raise_request_exception=False)
    for method, headers in (
        *(("OPTIONS", PREFLIGHT), ("GET", {"Origin": ORIGIN})),
        ("POST", {"Origin": ORIGIN, "Authorization": "Bearer x"}),
    ):
        response = client.generic(method, url, headers=headers)
        is_open = url in OPEN or url.startswith(MASTODON)
        assert response.get("Access-Control-Allow-Origin") == ("*" if is_open else None)
        assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.parametrize("url", OPEN)
def test_what_is_open_reads_no_cookie(db, alice, url, slash):
    browser = Client()
    browser.force_login(alice)
    for method in ("OPTIONS", "GET") if url == METADATA else ("OPTIONS", "POST"):
        headers = PREFLIGHT | {"Sec-Fetch-Site": "cross-site"}
        response = browser.generic(method, url + slash, b"{}", "application/json", headers=headers)
        assert not response.wsgi_request.session.accessed
        assert not response.cookies
        assert response["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
