"""How administrators change the looks of the site: its colour, its logo and its pinned post."""

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from ublog.accounts import site
from ublog.accounts.models import CustomUser
from ublog.accounts.roles import get_administrator
from ublog.blog import files, images, quotas
from ublog.blog.decoder.sizes import LOGO
from ublog.blog.models import Post
from ublog.core.models import SiteSettings
from ublog.core.viewers import Viewer

DIRECTORY = "site"
# An id, or the URL of a post in the app, the pages or the API.
POST = re.compile(r"(?:/(?:\w+/){0,2}posts/)?([0-9]{1,18})/?(?:[?#].*)?")
NO_POST = "Give the number or the URL of a post of this site that everybody sees."


def change_looks(
    *,
    by: Viewer,
    logo: Any = None,
    colour: str | None = None,
    pinned_post: int | str | None = None,
) -> SiteSettings:
    """Change the looks of the site. None leaves a thing as it is, an empty value removes it.

    `logo` is an uploaded file, `pinned_post` the id or the URL of a post. Raise NotAuthenticated,
    PermissionDenied, ValidationError, and for a logo what `images.accept` raises, or RateLimited;
    then nothing has changed.
    """
    user = get_administrator(by)
    changes: dict[str, Any] = {} if colour is None else {"colour": colour}
    if pinned_post is not None:
        changes["pinned_post"] = find_post(str(pinned_post).strip())
    site.check_changes(changes)  # before a logo is decoded, which costs
    if logo is None:
        return site.store_settings(changes)
    squares = decode_logo(logo, user) if logo else {}
    with files.storing() as store:
        names = {name: store(random_name(name), image) for name, image in squares.items()}
        with transaction.atomic():
            files.discard(logo_files())
            return site.store_settings(changes | dict.fromkeys(LOGO, "") | names)


def find_post(given: str) -> int | None:
    """Return the id of the published post of that id or URL; None for "". Raise ValidationError."""
    if not given:
        return None
    found = POST.fullmatch(given.removeprefix(settings.SITE_URL))
    if not found or not Post.objects.filter(pk=int(found[1]), state=None).exists():
        raise ValidationError({"pinned_post": [NO_POST]})
    return int(found[1])


def decode_logo(upload: Any, user: CustomUser) -> dict[str, images.AcceptedImage]:
    """Return the squares of a logo. Each attempt counts as an image of a post does."""
    try:
        with quotas.count_attempt(user):
            return images.squares("logo", upload)
    except ValidationError as error:
        raise ValidationError({"logo": error.messages}) from None


def random_name(name: str) -> str:
    """Return the name of a file of the logo, which is never used again: caches may keep it."""
    return f"{DIRECTORY}/{uuid.uuid4().hex}-{name.replace('_', '-')}.png"


def logo_files() -> set[str]:
    """Return the names of the stored files of the logo."""
    stored = SiteSettings.objects.stored()
    return {getattr(stored, name).name for name in LOGO} - {""}


def orphans(older_than: timedelta) -> Iterator[str]:
    """Yield the names of files of logos that are no longer used and that are older.

    They are listed before the settings are read: see `files.orphans`.
    """
    stored = {f"{DIRECTORY}/{file}" for file in files.list_directory(DIRECTORY)[1]}
    for name in stored - logo_files():
        if files.is_older(name, older_than):
            yield name
