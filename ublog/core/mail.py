"""Send mails, made from a pair of templates as text and HTML."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from email.headerregistry import Address
from pathlib import Path
from typing import Any

from celery import current_task
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils import timezone

from ublog.core import site_settings

log = logging.getLogger(__name__)


def is_configured() -> bool:
    """Return whether mails are sent. Without SMTP they are files, which only operators read."""
    return bool(settings.SMTP_URL)


def send(
    template: str,
    to: str,
    context: dict[str, Any],
    message_id: str = "",
    headers: Mapping[str, str] = {},
) -> None:
    """Send a mail made of `mail/TEMPLATE.txt`, whose first line is the subject, and `.html`.

    In a task the Message-ID is made from the task's id, so that a mail that is sent twice can be
    recognized. `site_url` and `site_name` are in every context, and `headers` are added to ours.
    Raise OSError or SMTPException when the mail cannot be sent.
    """
    name = site_settings.current().name
    context = {"site_url": settings.SITE_URL, "site_name": name, **context}
    subject, _, text = render_text(f"mail/{template}.txt", context).strip().partition("\n")
    key = message_id or (current_task and current_task.request.id) or uuid.uuid4().hex
    # RFC 3834, section 5: so that no absence notice responds to it.
    own = {"Message-ID": f"<{key}@{settings.MAIL_HOST}>", "Auto-Submitted": "auto-generated"}
    sender = settings.MAIL_FROM or str(Address(name, "noreply", settings.MAIL_HOST))
    text = text.strip() + "\n"
    mail = EmailMultiAlternatives(subject, text, sender, [to], headers={**own, **headers})
    mail.attach_alternative(render_to_string(f"mail/{template}.html", context), "text/html")
    mail.send()


def render_text(template: str, context: dict[str, Any]) -> str:
    """Render a template without escaping for HTML."""
    text: str = get_template(template).template.render(Context(context, autoescape=False))  # type: ignore[attr-defined]
    return text


class DirectoryEmailBackend(BaseEmailBackend):
    """Write each mail to a file in MAIL_DIR, and to the log: for a site without SMTP."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        directory = Path(str(settings.MAIL_DIR))
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in email_messages:
            path = directory / f"{timezone.now():%Y-%m-%d-%H%M%S}-{uuid.uuid4().hex[:8]}.eml"
            path.touch(mode=0o600)
            path.write_bytes(mail.message().as_bytes())
            log.info("A mail to %s is in %s\n%s\n%s", mail.to, path, mail.subject, mail.body)
        return len(email_messages)
