"""The links in mails of a site without SMTP, for administrators, who give them to their people."""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

from ublog.accounts.models import CustomUser
from ublog.accounts.roles import get_administrator
from ublog.accounts.signed_links import ACTIVATE, NEW_EMAIL, RESET
from ublog.core.viewers import Viewer

log = logging.getLogger(__name__)

READ = 200  # mails, the newest
LISTED = 50  # links
LINK = re.compile(r"/accounts/(activate|password-reset|email-change)/([^/\s]+)/")
PURPOSES = {
    "activate": "opens an account",
    "password-reset": "sets a new password",
    "email-change": "changes the e-mail address",
}


@dataclass(frozen=True)
class UnsentLink:
    """A link that can still be used."""

    to: str
    purpose: str
    url: str
    written_on: datetime


def list_unsent_links(*, by: Viewer) -> list[UnsentLink]:
    """Return the links that wait for their people, newest first; none where mails are sent.

    A link that sets the password or the e-mail address of another administrator is left out: it
    would log in as them. Each look is logged. Raise NotAuthenticated or PermissionDenied.
    """
    user = get_administrator(by)
    links: dict[tuple[str, str], UnsentLink] = {}
    for link in read_links(user) if settings.MAIL_DIR else ():
        links.setdefault((link.to, link.purpose), link)  # the newest of each
        if len(links) == LISTED:
            break
    log.info("Administrator %d looks at %d unsent links", user.pk, len(links))
    return list(links.values())


def read_links(user: CustomUser) -> Iterator[UnsentLink]:
    """Yield the links in the newest mails that this administrator may see."""
    for file in sorted(Path(str(settings.MAIL_DIR)).glob("*.eml"), reverse=True)[:READ]:
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        found = LINK.search(body.get_content()) if body else None
        if found and is_for(user, *found.groups()):
            written = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            url = f"{settings.SITE_URL}{found[0]}"
            yield UnsentLink(str(mail["To"]), PURPOSES[found[1]], url, written)


def is_for(user: CustomUser, kind: str, token: str) -> bool:
    """Return whether the link can be used, and is not another administrator's."""
    with suppress(ValidationError):
        if kind == ACTIVATE.path:
            ACTIVATE.redeem(token)
            return True
        owner, _ = (RESET if kind == RESET.path else NEW_EMAIL).redeem(token)
        return owner == user or not owner.is_superuser
    return False
