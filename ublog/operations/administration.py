"""What administrators do with backups in the browser. Each step is logged, with who did it.

All raise NotAuthenticated or PermissionDenied, and `BackupNotFound` for a name of no backup. To
restore one needs an empty site, so that is done in a terminal.
"""

import logging
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import transaction

from ublog.accounts.models import CustomUser
from ublog.accounts.roles import get_administrator
from ublog.core import limits
from ublog.core.background.outbox import later
from ublog.core.viewers import Viewer
from ublog.operations import tasks
from ublog.operations.backups import directory, verify
from ublog.operations.backups.directory import (
    CHUNK,
    MANIFEST,
    MEDIA,
    NAME,
    SECRETS,
    BackupError,
    Manifest,
    StoredFile,
)

log = logging.getLogger(__name__)

LISTED = 50  # backups, the newest
HAS_SECRETS = "This backup has the keys of the site: copy it where the site is started."


class BackupNotFound(ObjectDoesNotExist):
    """There is no backup of that name, or it cannot be read."""


@dataclass(frozen=True)
class Backup:
    """A complete backup."""

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def made_on(self) -> datetime:
        return datetime.fromisoformat(self.manifest.made_on)

    @property
    def megabytes(self) -> float:
        return sum(stored.size for stored in self.manifest.files.values()) / 1e6

    @property
    def images(self) -> int:
        return sum(name.startswith(MEDIA) for name in self.manifest.files)

    @property
    def has_secrets(self) -> bool:
        return SECRETS in self.manifest.files


@dataclass(frozen=True)
class Archive:
    """A backup as one tar file: how many bytes it has, and its content in parts."""

    name: str
    size: int
    chunks: Iterator[bytes]


def list_backups(*, by: Viewer) -> list[Backup]:
    """Return the newest backups of this machine, newest first."""
    administrator(by, "lists the backups")
    return [Backup(*each) for each in directory.finished(settings.BACKUP_DIR)[:LISTED]]


def is_being_made() -> bool:
    """Return whether a backup is being made on this machine."""
    return any(settings.BACKUP_DIR.glob("*.partial"))


def last_failure() -> str:
    """Return why the last backup failed; "" if it did not."""
    file = settings.BACKUP_DIR / directory.FAILURE
    return file.read_text() if file.exists() else ""


def request_backup(*, by: Viewer) -> None:
    """Have the worker make a backup. Raise RateLimited."""
    user = administrator(by, "requests a backup")
    limits.spend("backup", user)
    with transaction.atomic():
        later(tasks.back_up_now)


def find_problems(*, by: Viewer, name: str) -> list[str]:
    """Read a backup through. Return what is wrong with it, a line each."""
    administrator(by, f"verifies {name}")
    return verify.problems(get(name).path)


def open_archive(*, by: Viewer, name: str) -> Archive:
    """Return a backup to be downloaded. One with the keys of the site raises PermissionDenied."""
    administrator(by, f"downloads {name}")
    backup = get(name)
    if backup.has_secrets:
        raise PermissionDenied(HAS_SECRETS)
    members = list(members_of(backup))
    size = sum(len(header) + stored.size + padding(stored) for _, header, stored in members)
    return Archive(f"{name}.tar", size + len(END), archive_chunks(members))


def administrator(by: Viewer, what: str) -> CustomUser:
    """Return the administrator that the viewer is, and log what they do."""
    user = get_administrator(by)
    log.info("Administrator %d %s", user.pk, what)
    return user


def get(name: str) -> Backup:
    """Return the backup of that name. Raise BackupNotFound, also for any other file."""
    path = Path(settings.BACKUP_DIR, name)
    try:
        if not NAME.fullmatch(name):
            raise BackupNotFound
        return Backup(path, Manifest.read(path))
    except BackupError:
        raise BackupNotFound from None


# -- The archive: https://www.gnu.org/software/tar/manual/html_node/Standard.html ----------------

Member = tuple[Path, bytes, StoredFile]
BLOCK = 512  # bytes
END = bytes(2 * BLOCK)


def members_of(backup: Backup) -> Iterator[Member]:
    """Yield the path, the header and the size of each file that the manifest names.

    Raise BackupNotFound for a manifest that names a file elsewhere.
    """
    manifest = StoredFile("", (backup.path / MANIFEST).stat().st_size)
    for name, stored in {MANIFEST: manifest, **backup.manifest.files}.items():
        path = (backup.path / name).resolve()
        if not path.is_relative_to(backup.path.resolve()):
            raise BackupNotFound
        header = tarfile.TarInfo(f"{backup.name}/{name}")
        header.size, header.mode, header.mtime = stored.size, 0o600, backup.made_on.timestamp()
        yield path, header.tobuf(tarfile.GNU_FORMAT), stored


def archive_chunks(members: list[Member]) -> Iterator[bytes]:
    """Yield the tar file in parts. Raise BackupError where a file has another size by now."""
    for path, header, stored in members:
        yield header
        read = 0
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                read += len(chunk)
                yield chunk
        if read != stored.size:
            raise BackupError(f"{path.name} has changed while it was downloaded")
        yield bytes(padding(stored))
    yield END


def padding(stored: StoredFile) -> int:
    """Return how many bytes fill the last block of a file."""
    return -stored.size % BLOCK
