"""What administrators learn of the mails of their site: a test, and links that were not sent."""

import smtplib

import pytest
from django.core import mail as outbox
from django.test import Client

from tests.contract.drivers import soup
from ublog.accounts import actions, mail_test, signed_links
from ublog.accounts.models import Mail
from ublog.accounts.tasks import enqueue_mail, send_mail

PASSWORD = "correct horse battery staple"
UNSENT, TEST = "/accounts/site/unsent/", "/accounts/site/test-mail/"
BACKEND = "ublog.core.mail.DirectoryEmailBackend"


@pytest.fixture
def administrator(person):
    return lambda name: person(name, password=PASSWORD, is_staff=True, is_superuser=True)


@pytest.fixture
def olga(administrator):
    return administrator("olga")


@pytest.fixture
def office(olga):
    client = Client()
    client.force_login(olga)
    return client


@pytest.fixture
def no_smtp(settings, tmp_path):
    settings.SMTP_URL, settings.MAIL_DIR = "", tmp_path / "mails"
    settings.EMAIL_BACKEND = BACKEND
    return settings.MAIL_DIR


@pytest.fixture
def smtp(settings):
    settings.SMTP_URL, settings.MAIL_DIR = "smtp://mail.example.org", None


def deliver():
    for row in Mail.objects.all():
        send_mail(row.pk)


def links(client) -> dict[str, str]:
    """Return the URL of each link by what it says of it, after the password."""
    client.post("/accounts/site/confirm/?page=unsent", {"password": PASSWORD})
    page = soup(client.get(UNSENT))
    labels = {label["for"]: label.text for label in page.select(".unsent label")}
    return {labels[field["id"]]: field["value"] for field in page.select(".unsent input")}


def test_an_administrator_hands_out_the_link_that_was_not_sent(office, no_smtp, settings, caplog):
    caplog.set_level("INFO", "ublog.accounts.unsent_links")
    settings.WHO_MAY_JOIN = "open"
    actions.sign_up(email="dora@example.org")
    deliver()
    [(label, url)] = links(office).items()
    assert label == "dora@example.org: opens an account"
    page = Client().post(
        url.removeprefix(settings.SITE_URL), {"username": "dora", "password": PASSWORD}
    )
    assert page.status_code == 302
    assert "looks at 1 unsent links" in caplog.text
    assert links(office) == {}  # it is used


def test_the_password_comes_before_the_links(office, no_smtp):
    assert office.get(UNSENT)["Location"] == "/accounts/site/confirm/?page=unsent"


def test_no_administrator_sees_the_links_of_another(office, no_smtp, administrator, olga, alice):
    other = administrator("oleg")
    for user in (other, olga, alice):
        actions.request_password_reset(email=user.email)
        enqueue_mail(Mail.Kind.EMAIL_CHANGE, f"new-{user.email}", user)
    deliver()
    assert len(list(no_smtp.glob("*.eml"))) == 6
    assert set(links(office)) == {
        "olga@example.org: sets a new password",
        "new-olga@example.org: changes the e-mail address",
        "alice@example.org: sets a new password",
        "new-alice@example.org: changes the e-mail address",
    }


def test_an_expired_link_is_not_shown(office, no_smtp, alice, monkeypatch):
    actions.request_password_reset(email=alice.email)
    deliver()
    assert links(office)
    monkeypatch.setattr(signed_links.RESET.__class__, "redeem", mails_are_old)
    assert not links(office)


def mails_are_old(*_: object, **__: object):
    raise signed_links.invalid_link()


def test_only_administrators_see_the_links_and_test_mails(person, alice, no_smtp):
    moderator = person("moderator_m", is_staff=True)
    for user, status in ((None, 302), (alice, 403), (moderator, 403)):
        client = Client()
        if user:
            client.force_login(user)
        assert client.get(UNSENT).status_code == status
        assert client.get(TEST).status_code == client.post(TEST).status_code == status
    assert not outbox.outbox


def test_a_test_mail_is_sent_at_once(office, smtp, settings):
    settings.LIMITS = settings.LIMITS | {"test_mail": "1/hour"}
    assert office.post(TEST, {"send": "yes"}).status_code == 302
    [sent] = outbox.outbox
    assert (sent.to, sent.subject) == (["olga@example.org"], "A test mail")
    assert "took a mail to olga@example.org" in office.get(TEST).text
    assert office.post(TEST, {"send": "yes"}).status_code == 429


@pytest.mark.parametrize(
    ("failure", "shown"),
    [
        (smtplib.SMTPAuthenticationError(535, b"5.7.8 Bad credentials"), "5.7.8 Bad credentials"),
        (OSError(113, "No route to host"), "No route to host"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_the_mail_server_says_is_shown(office, smtp, monkeypatch, failure, shown):
    def fail(*_: object, **__: object):
        raise failure

    monkeypatch.setattr(mail_test.mail, "send", fail)
    response = office.post(TEST, {"send": "yes"})
    assert response.status_code == 400
    assert shown in soup(response).select_one("form.test-mail").text


def test_without_smtp_the_test_says_what_is_missing(office, no_smtp):
    response = office.post(TEST, {"send": "yes"})
    assert response.status_code == 400
    assert "UBLOG_SMTP_URL" in response.text
    assert not no_smtp.exists()


@pytest.mark.parametrize("path", ["/", "/register", "/accounts/register/sent/", "/accounts/login/"])
def test_no_path_of_the_machine_reaches_a_visitor(db, no_smtp, settings, path):
    text = Client().get(path).text
    assert str(no_smtp) not in text
    assert str(settings.DATA_DIR) not in text
