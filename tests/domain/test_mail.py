"""Mails are text and HTML, from us, and recognisable when they come twice."""

import email
from email.policy import default
from inspect import signature

import django
import pytest
from celery import shared_task
from django.conf import global_settings
from django.core import mail as outgoing
from django.core.mail.backends.smtp import EmailBackend

from ublog.conf import service_urls
from ublog.core import mail

TEMPLATES = {
    "mail/hello.txt": "Hello, {{ name }}\n\nYour {{ site_url }} waits.\n",
    "mail/hello.html": "<p>Hello, {{ name }}: {{ site_url }}</p>",
}


@pytest.fixture(autouse=True)
def templates(settings):
    loader = ("django.template.loaders.locmem.Loader", TEMPLATES)
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [loader]},
        }
    ]


def test_a_mail_is_text_and_html():
    mail.send("hello", "alice@example.org", {"name": "Alice & Bob"}, message_id="k")
    [sent] = outgoing.outbox
    assert (sent.subject, sent.to) == ("Hello, Alice & Bob", ["alice@example.org"])
    assert sent.body == "Your http://127.0.0.1:8000 waits.\n"
    [(html, kind)] = sent.alternatives
    assert (kind, "Alice &amp; Bob" in html) == ("text/html", True)
    assert sent.message()["Message-ID"] == "<k@localhost>"
    assert sent.message()["From"].endswith("<noreply@localhost>")


def test_a_repeated_task_repeats_the_message_id():
    @shared_task
    def greet():
        mail.send("hello", "alice@example.org", {"name": "Alice"})

    for key in ("one", "one", "two"):
        greet.apply(task_id=key, throw=True)
    ids = [sent.message()["Message-ID"] for sent in outgoing.outbox]
    assert ids == ["<one@localhost>", "<one@localhost>", "<two@localhost>"]


def test_without_smtp_a_mail_is_a_file_for_its_owner_alone(settings, tmp_path, caplog):
    settings.MAIL_DIR = tmp_path / "mails"
    for name, value in service_urls.mail(
        ""
    ).items():  # EMAIL_BACKEND, or MAILERS from Django 6.1 on
        setattr(settings, name, value)
    with caplog.at_level("INFO"):
        mail.send("hello", "alice@example.org", {"name": "Alice"})
    [file] = settings.MAIL_DIR.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    read = email.message_from_bytes(file.read_bytes(), policy=default)
    assert (read["Subject"], read["To"]) == ("Hello, Alice", "alice@example.org")
    assert "waits" in caplog.text


SMTP = "smtp+starttls://me:a%20secret@mail.example.org:587"


def test_a_url_says_all_about_smtp(monkeypatch):
    monkeypatch.setattr(django, "VERSION", (5, 2, 0))
    found = service_urls.mail(SMTP)
    assert found["EMAIL_HOST"] == "mail.example.org"
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("me", "a secret")
    assert found["EMAIL_USE_TLS"] is True
    assert found["EMAIL_TIMEOUT"] == 10
    assert all(hasattr(global_settings, name) for name in found)


def test_django_6_1_is_given_the_setting_that_it_does_not_warn_of(monkeypatch):
    monkeypatch.setattr(django, "VERSION", (6, 1, 0))
    found = service_urls.mail(SMTP)
    assert set(found) == {"MAILERS"}
    options = found["MAILERS"]["default"]["OPTIONS"]
    assert set(options) <= set(signature(EmailBackend.__init__).parameters)
    assert options["host"] == "mail.example.org"
