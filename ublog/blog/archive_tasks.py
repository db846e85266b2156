"""Celery tasks of archives: write one, and delete old ones."""

import json
import logging
import shutil
import tempfile
import uuid
from collections.abc import Iterable
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from celery import shared_task
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ublog.accounts.models import CustomUser, Mail
from ublog.accounts.tasks import enqueue_mail
from ublog.blog import quotas
from ublog.blog.archives import Archive, storage
from ublog.blog.models import Post, PostMark
from ublog.core import mail
from ublog.core.storage import disk

log = logging.getLogger(__name__)

AT_WORK = timedelta(seconds=50)  # since it was touched: less than the lease of a task
TOUCH_EVERY = timedelta(seconds=10)
KEEP_ORPHANS = timedelta(hours=6)
CHUNK = 2**20  # bytes
AT_ONCE = 500  # rows
PROFILE = (
    *("username", "display_name", "email", "bio", "date_joined", "last_login"),
    *("email_notifications", "time_zone"),
)
POST = (
    *("id", *Post.INPUT, "created_on", "modified_on", "in_reply_to_id", "like_count"),
    *("reply_count", "state"),
)


class StillAtWork(Exception):
    """Another worker makes this archive: the task is retried, and ends if that has made it."""


@shared_task(name="ublog.blog.tasks.make_archive")
def make_archive(archive_id: int) -> None:
    """Write the archive of a user, unless it is made or was deleted.

    It is streamed: neither the archive nor a picture is in memory as a whole. Raise StillAtWork,
    and StorageFull when the disk has no room.
    """
    waiting = Archive.objects.filter(pk=archive_id, name="")
    archive = waiting.select_related("user").first()
    if archive is None:
        return
    idle = Q(touched_on=None) | Q(touched_on__lt=timezone.now() - AT_WORK)
    if not waiting.filter(idle).update(touched_on=timezone.now()):
        raise StillAtWork
    disk.check_room(2 * quotas.stored_bytes(archive.user))
    with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
        with ZipFile(file, "w", ZIP_DEFLATED) as zip_file:
            ArchiveContent(zip_file, archive).write(archive.user)
        size = file.tell()
        file.seek(0)
        name = storage().save(f"{uuid.uuid4().hex}.zip", File(file))
    with transaction.atomic():
        # The user may have been deleted by then.
        is_made = waiting.update(name=name, size=size, made_on=timezone.now())
        # Without SMTP a file would have the mail, and nobody would read it.
        if is_made and mail.is_configured():
            enqueue_mail(Mail.Kind.ARCHIVE, archive.user.email, archive.user)
    if not is_made:
        storage().delete(name)


class ArchiveContent:
    """Write the data of a user into a ZIP file."""

    def __init__(self, zip_file: ZipFile, archive: Archive) -> None:
        self.zip_file, self.archive = zip_file, archive
        self.touched_on = timezone.now()

    def write(self, user: CustomUser) -> None:
        """Write the files: JSON in UTF-8, and pictures as they are stored."""
        avatar = self.picture(str(user.avatar_large))
        profile = {name: getattr(user, name) for name in PROFILE} | {"avatar": avatar}
        self.rows("profile.json", [profile])
        self.rows("posts.json", self.posts(user))
        self.rows("uploads.json", self.uploads(user))
        for mark in PostMark.__subclasses__():
            fields = {field.attname for field in mark._meta.fields} - {"id", f"{mark.USER}_id"}
            marks = mark._default_manager.filter(**{mark.USER: user}).order_by("pk")
            self.rows(f"{mark.LIMIT}s.json", marks.values(*sorted(fields)).iterator(AT_ONCE))
        sessions = user.families.order_by("pk")
        self.rows("sessions.json", sessions.values("created_on", "last_used_on", "user_agent"))

    def posts(self, user: CustomUser) -> Iterable[dict[str, Any]]:
        """Yield the posts, after the picture of each is written.

        The pictures come first: a ZIP file has one open entry at a time.
        """
        posts = Post.objects.filter(created_by=user).order_by("pk")
        written = {
            pk: self.picture(name)
            for pk, name in posts.exclude(image="").values_list("pk", "image").iterator(AT_ONCE)
        }
        for post in posts.values(*POST).iterator(AT_ONCE):
            yield post | {"image": written.get(post["id"])}

    def uploads(self, user: CustomUser) -> list[dict[str, Any]]:
        """Return the uploads that are in no post, after their pictures are written: a few."""
        uploads = user.uploads.order_by("pk").values("id", "image", "image_alt", "created_on")
        return [{**upload, "image": self.picture(upload["image"])} for upload in uploads]

    def rows(self, name: str, rows: Iterable[Any]) -> None:
        """Write a JSON array, one row on a line."""
        start = "["
        rows = iter(rows)
        first = next(rows, None)  # which may write pictures
        with self.zip_file.open(self.entry(name), "w", force_zip64=True) as file:
            while first is not None:
                line = json.dumps(first, cls=DjangoJSONEncoder, ensure_ascii=False)
                file.write(f"{start}\n{line}".encode())
                start, first = ",", next(rows, None)
                self.touch()
            file.write(b"\n]\n" if start == "," else b"[]\n")

    def picture(self, name: str) -> str | None:
        """Write a stored picture. Return its path in the archive; None if it does not exist."""
        if not name:
            return None
        path = f"pictures/{PurePosixPath(name).name}"
        try:
            with (
                default_storage.open(name) as source,
                self.zip_file.open(self.entry(path, ZIP_STORED), "w", force_zip64=True) as target,
            ):
                shutil.copyfileobj(source, target, CHUNK)
        except FileNotFoundError:
            log.warning("A picture is not in the storage: %s", name)
            return None
        self.touch()
        return path

    def entry(self, name: str, compression: int = ZIP_DEFLATED) -> ZipInfo:
        entry = ZipInfo(name, timezone.now().timetuple()[:6])
        entry.compress_type = compression
        entry.external_attr = 0o600 << 16
        return entry

    def touch(self) -> None:
        """Let other workers know that this one is at work."""
        now = timezone.now()
        if now - self.touched_on > TOUCH_EVERY:
            self.touched_on = now
            Archive.objects.filter(pk=self.archive.pk).update(touched_on=now)


@shared_task(name="ublog.blog.tasks.delete_old_archives")
def delete_old_archives() -> int:
    """Delete archives that have expired, and files that no archive has; return how many.

    A worker that is killed between storing a file and its row leaves one.
    """
    expired = [archive for archive in Archive.objects.iterator(AT_ONCE) if not archive.is_current]
    for archive in expired:
        archive.delete()
    return len(expired) + delete_orphans()


def delete_orphans() -> int:
    try:
        files = storage().listdir("")[1]
    except FileNotFoundError:
        return 0
    named = set(Archive.objects.values_list("name", flat=True))
    before = timezone.now() - KEEP_ORPHANS
    lost = [
        name
        for name in set(files) - named
        if storage().exists(name) and storage().get_modified_time(name) < before
    ]
    for name in lost:
        storage().delete(name)
    return len(lost)
