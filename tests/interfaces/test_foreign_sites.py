"""B10 at every URL, with those of accounts, tokens and the admin."""

import pytest
from django.test import Client

from tests.architecture.test_urls import URLS
from tests.contract.drivers import soup
from ublog.accounts.models import CustomUser, Mail, TokenFamily
from ublog.interfaces.http.origins import EXEMPT_PATHS

FORM = "application/x-www-form-urlencoded"
KINDS = {
    FORM: b"body=a&email=eve%40example.org",
    "application/json": b'{"body": "a", "email": "eve@example.org"}',
    "text/plain": b"a",
    "multipart/form-data; boundary=x": b"--x\r\nContent-Disposition: form-data; "
    b'name="body"\r\n\r\na\r\n--x--\r\n',
}
# Mastodon's API reads no cookie, either: test_mastodon.py.
EXEMPT = (*EXEMPT_PATHS, "/api/v1/", "/api/v2/")
FOREIGN = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]


@pytest.mark.parametrize("url", [url for url in URLS if not url.startswith(EXEMPT)])
def test_another_site_is_rejected_in_the_shape_of_the_interface(db, staff, everything, url):
    browser = Client()
    browser.force_login(staff)
    before = everything(), list(TokenFamily.objects.values())
    for headers in FOREIGN:
        for kind, content in KINDS.items():
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                response = browser.generic(method, url, content, kind, headers=headers)
                assert response.status_code == 403
                check_shape(url, response)
    assert (everything(), list(TokenFamily.objects.values())) == before
    assert not Mail.objects.exists()


def check_shape(url, response):
    message = "This was sent from another site."
    if url == "/graphql/":
        extensions = {"code": "FORBIDDEN"}
        assert response.json() == {"errors": [{"message": message, "extensions": extensions}]}
    elif url.startswith("/api/"):
        assert response.json() == {"detail": message}
    else:
        assert soup(response).h1.text == "Forbidden"
        assert message in soup(response).main.text
    assert response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_other_sites_may_send_nothing_but_what_reads_no_cookie():
    """See tests/accounts/test_unsubscribing.py and tests/interfaces/test_cors.py."""
    oauth = ["/oauth/register", "/oauth/revoke", "/oauth/token"]
    assert [url for url in URLS if url.startswith(EXEMPT_PATHS)] == [*oauth, "/unsub/x/"]


def test_nobody_is_logged_into_the_admin_by_another_site(db, staff):
    staff.set_password("correct horse battery")
    staff.save()
    browser = Client()
    fields = {"username": staff.email, "password": "correct horse battery"}
    elsewhere = {"Origin": "https://evil.example"}
    response = browser.post("/admin/login/", fields, headers=elsewhere)
    assert (response.status_code, "sessionid" in response.cookies) == (403, False)
    assert browser.post("/admin/login/", fields).status_code == 302


def test_nobody_signs_up_from_another_site(db):
    fields = {"email": "eve@example.org", "password": "correct horse battery"}
    for url in ("/accounts/register/", "/api/auth/register/"):
        response = Client().post(
            url, fields, "application/json", headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert response.status_code == 403
    assert not CustomUser.objects.exists()
