"""Mails are text and HTML, from us, and recognisable when they come twice."""

import email
from email.policy import default

import pytest
from celery import shared_task
from django.core import mail as outgoing

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
    settings.EMAIL_BACKEND = "ublog.core.mail.DirectoryEmailBackend"
    with caplog.at_level("INFO"):
        mail.send("hello", "alice@example.org", {"name": "Alice"})
    [file] = settings.MAIL_DIR.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    read = email.message_from_bytes(file.read_bytes(), policy=default)
    assert (read["Subject"], read["To"]) == ("Hello, Alice", "alice@example.org")
    assert "waits" in caplog.text
