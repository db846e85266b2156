"""What users do with their own data: see how much there is, request an archive, download it."""

from dataclasses import dataclass
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from ublog.accounts.models import CustomUser
from ublog.blog import quotas
from ublog.blog.archive_tasks import make_archive
from ublog.blog.archives import Archive, get_archive, storage
from ublog.core import limits
from ublog.core.background.outbox import later
from ublog.core.viewers import Viewer


@dataclass(frozen=True)
class OwnData:
    """How many bytes the pictures of a user take, in all and of today, and their archive."""

    image_bytes: int
    image_bytes_limit: int
    image_bytes_today: int
    image_bytes_today_limit: int
    archive: Archive | None


def get_own_data(*, by: Viewer) -> OwnData:
    """Return what the site stores for the viewer. Raise NotAuthenticated."""
    user = CustomUser.objects.get_logged_in(by)
    today, today_limit = limits.used("image_bytes", user)
    most = settings.IMAGE_QUOTA_BYTES
    return OwnData(quotas.stored_bytes(user), most, today, today_limit, get_archive(user))


def request_archive(*, by: Viewer) -> Archive:
    """Have an archive of the viewer's data made. While there is a current one, return that.

    Raise NotAuthenticated or RateLimited.
    """
    user = CustomUser.objects.get_logged_in(by)
    if archive := get_archive(user):
        return archive
    limits.spend("archive", user)
    with transaction.atomic():
        for expired in Archive.objects.filter(user=user):
            expired.delete()
        archive, is_new = Archive.objects.get_or_create(user=user)
        if is_new:
            later(make_archive, archive.pk)
    return archive


def open_archive(*, by: Viewer) -> tuple[Archive, IO[Any]]:
    """Return the viewer's archive and its file. Raise NotAuthenticated, Archive.DoesNotExist."""
    archive = get_archive(CustomUser.objects.get_logged_in(by))
    if archive is None or not archive.name or not storage().exists(archive.name):
        raise Archive.DoesNotExist("There is no archive.")
    return archive, storage().open(archive.name)
