"""The link in mails of notifications ends them: without a login, and for nobody else."""

from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from tests.contract.drivers import soup
from ublog.accounts import actions
from ublog.accounts.models import CustomUser
from ublog.accounts.signed_links import RESET, UNSUBSCRIBE

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def url(carol):
    """The URL in a mail to Carol."""
    return f"/unsub/{UNSUBSCRIBE.token(carol)}/"


@pytest.fixture
def program(db):
    """A mail client: it has no cookies, and CSRF is checked as on a real site."""
    return Client(enforce_csrf_checks=True)


def choice(user):
    return CustomUser.objects.get(pk=user.pk).email_notifications


def test_one_click_in_a_mail_client_ends_the_mails(program, carol, alice, url):
    """RFC 8058, section 3.2, in both content types; from another site, or none."""
    for headers in ({}, {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}):
        for send in (
            lambda headers: program.post(url, ONE_CLICK, headers=headers),
            lambda headers: program.post(url, "List-Unsubscribe=One-Click", FORM, headers=headers),
        ):
            actions.update_profile(by=carol, email_notifications="immediate")
            response = send(headers)
            assert (response.status_code, choice(carol)) == (200, "off")
            assert not response.cookies
    assert choice(alice) == "daily"


def test_opening_the_link_changes_nothing_and_shows_a_button(program, carol, url):
    """Mail scanners follow links."""
    for method in (program.get, program.head):
        assert method(url).status_code == 200
    page = soup(program.get(url))
    assert choice(carol) == "daily"
    button = page.select_one("form[method=post] button")
    assert not page.select_one("form").has_attr("action")
    page = soup(program.post(url, {button["name"]: button["value"]}))
    assert "no more mails" in page.h1.text
    assert page.select_one("form") is None
    assert choice(carol) == "off"


def test_it_reads_and_sets_no_cookie(program, carol, alice, url):
    """B10: who is logged in does not matter, and is not shown."""
    program.force_login(alice)
    for response in (program.get(url), program.post(url, ONE_CLICK)):
        assert "alice" not in response.content.decode()
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies
    assert (choice(alice), choice(carol)) == ("daily", "off")


def test_the_link_works_again(program, carol, url):
    """A user who has chosen mails again can end them by an old mail, and twice."""
    for _ in range(2):
        assert program.post(url, ONE_CLICK).status_code == 200
    actions.update_profile(by=carol, email_notifications="daily")
    assert program.post(url, ONE_CLICK).status_code == 200
    assert choice(carol) == "off"


def test_a_forged_link_changes_nothing(program, carol, alice, url):
    token = UNSUBSCRIBE.token(carol)
    signature, id = token[:13], token[13:]
    other = UNSUBSCRIBE.token(alice)
    changed = ("B" if token[0] == "A" else "A") + token[1:]
    forged = [changed, signature, id, f"{signature[:-1]}{id}", signature + other[13:]]
    forged += [f"{token}0", f"{signature}0{id}", f"{signature}-{id}", f"{token}\n", f" {token}"]
    forged += [f"{signature}zzzzzzzzzzz", f"{signature}{'z' * 3_000}", "x", "é" * 14]
    forged += [RESET.token(carol), "\0" * 14, "A" * 14]
    for one in forged:
        with pytest.raises(ValidationError):
            UNSUBSCRIBE.redeem(one)
        response = program.post(f"/unsub/{quote(one)}/", ONE_CLICK)
        assert response.status_code in (400, 404), one
    assert {choice(carol), choice(alice)} == {"daily"}


def test_another_secret_makes_another_link(carol, settings):
    token = UNSUBSCRIBE.token(carol)
    settings.SECRET_KEY = "another key of the tests, 32 bytes or more"
    with pytest.raises(ValidationError):
        UNSUBSCRIBE.redeem(token)


def test_a_link_to_an_old_address_ends_nothing(program, carol, url):
    """A mailbox that is somebody else's by now."""
    CustomUser.objects.filter(pk=carol.pk).update(email="new@example.org")
    assert program.post(url, ONE_CLICK).status_code == 400
    assert choice(carol) == "daily"


def test_a_link_of_a_deleted_account_is_an_error(program, carol, url):
    carol.delete()
    assert program.post(url, ONE_CLICK).status_code == 400


@pytest.mark.parametrize("id", [1, 62, 10**6, 2**63 - 1])
def test_its_path_has_at_most_32_characters(carol, id):
    carol.pk = id
    assert len(f"/{UNSUBSCRIBE.path}/{UNSUBSCRIBE.token(carol)}/") <= 32


def test_f4_no_log_holds_the_link(program, carol, url, caplog):
    program.post(url.replace("/unsub/", "/unsub/x"), ONE_CLICK)
    assert UNSUBSCRIBE.token(carol) not in caplog.text
    assert settings.SECRET_KEY not in caplog.text
