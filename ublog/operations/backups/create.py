"""Create a backup of a site while it is in use."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from ublog.core.observability.masking import summary
from ublog.operations.backups import rows
from ublog.operations.backups.directory import (
    CHUNK,
    DATABASE,
    MEDIA,
    SECRETS,
    BackupError,
    Manifest,
    StoredFile,
    digest,
    finished,
    newest,
    private,
    sync,
)

ATTEMPTS = 5  # each fails only when an image is deleted during its snapshot


def make(to: Path, *, why: str = "by hand", with_secrets: bool = False) -> Path:
    """Create a backup in that directory. Return its path, or raise BackupError."""
    try:
        with one_at_a_time(to), partial_directory(to) as directory:
            write(directory, FileCollector(directory, *(newest(to) or ())), why, with_secrets)
            return finish(directory)
    except BackupError:
        raise
    except Exception as problem:  # each storage and database raises errors of its own
        reason = summary(problem) or type(problem).__name__
        raise BackupError(f"No backup was created in {to}: {reason}") from problem


def write(directory: Path, collector: "FileCollector", why: str, with_secrets: bool) -> None:
    """Copy the images, then take a snapshot of the rows, then copy the images that were added.

    An image is stored before its row and deleted after it, so all images that the rows of a
    snapshot name existed at that time. Most are copied already; only one that is deleted between
    the snapshot and the second copying is missed, and then another snapshot is taken.
    """
    columns = rows.pictures(found := rows.tables(connection))
    collector.collect(rows.names(connection, columns))
    lost: set[str] = set()
    for _ in range(ATTEMPTS):
        with snapshot(directory / DATABASE) as frozen:
            named = rows.names(frozen, columns)
            missing = collector.collect(named)
            if missing <= lost:  # missing twice: the storage had lost it before
                counted = rows.counts(frozen, found)
                migrations = [list(key) for key in rows.applied(frozen)]
                if frozen is connection:
                    rows.into_new_file(frozen, directory / DATABASE)
                break
            lost |= missing
    else:
        raise BackupError("Images are deleted faster than they can be copied: try again later")
    collector.discard_others(named)
    files = collector.files | {DATABASE: digest(directory / DATABASE)}
    if with_secrets:
        files[SECRETS] = write_secrets(directory / SECRETS)
    manifest = Manifest(
        why, connection.vendor, migrations, counted, columns, files, sorted(missing)
    )
    manifest.write(directory)


@contextmanager
def snapshot(file: Path) -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection to all rows at one point in time; no writer waits for it."""
    if connection.vendor == "sqlite":
        copy_online(file)
        with rows.opened(file) as copy:
            yield copy
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield connection


def copy_online(file: Path) -> None:
    """Copy the database by SQLite's online backup API: https://sqlite.org/backup.html.

    A copy of the file would lack what is still in the write-ahead log. In one step, so that writers
    do not wait and cannot restart it.
    """
    file.unlink(missing_ok=True)
    private(file).close()
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a single file


@dataclass
class FileCollector:
    """The images of a backup that is being created.

    The name of a stored file is random and its content never changes, so files of the previous
    backup are hard-linked: a further backup needs room only for new images.
    """

    directory: Path
    previous: Path | None = None
    manifest: Manifest | None = None
    files: dict[str, StoredFile] = field(default_factory=dict)

    def collect(self, names: set[str]) -> set[str]:
        """Add all of these. Return those that the storage does not have."""
        return {name for name in names if MEDIA + name not in self.files and not self.add(name)}

    def add(self, name: str) -> bool:
        target = self.directory / MEDIA / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stored = self.link(MEDIA + name, target) or self.copy(name, target)
        if stored:
            self.files[MEDIA + name] = stored
        return stored is not None

    def link(self, name: str, target: Path) -> StoredFile | None:
        stored = self.manifest.files.get(name) if self.manifest else None
        if stored and self.previous:
            with suppress(OSError):  # another file system, or one that has no links
                if (self.previous / name).stat().st_size == stored.size:
                    os.link(self.previous / name, target)
                    return stored
        return None

    def copy(self, name: str, target: Path) -> StoredFile | None:
        try:
            source = default_storage.open(name)
        except FileNotFoundError:
            return None
        sha = hashlib.sha256()
        with source, private(target) as file:
            while chunk := source.read(CHUNK):
                sha.update(chunk)
                file.write(chunk)
            sync(file)
            return StoredFile(sha.hexdigest(), file.tell())

    def discard_others(self, names: set[str]) -> None:
        """Delete all but these: the posts of the others were deleted before the snapshot."""
        for name in set(self.files) - {MEDIA + name for name in names}:
            (self.directory / name).unlink()
            del self.files[name]


def write_secrets(path: Path) -> StoredFile:
    """Write the site's keys in the format of `secrets.env`."""
    keys = dict(settings.TOKEN_KEYS)
    secrets = {"UBLOG_SECRET_KEY": settings.SECRET_KEY, "UBLOG_TOKEN_KEY": keys.pop("1", "")}
    secrets["UBLOG_TOKEN_KEYS"] = ",".join(f"{name}:{key}" for name, key in keys.items())
    with private(path) as file:
        for name, value in secrets.items():
            if value:
                escaped = value.replace("\\", "\\\\").replace("'", "\\'")
                file.write(f"{name}='{escaped}'\n".encode())
        sync(file)
    return digest(path)


@contextmanager
def one_at_a_time(to: Path) -> Iterator[None]:
    """Hold a lock. Raise BackupError when another backup is being created in that directory."""
    to.mkdir(parents=True, exist_ok=True)
    with open(os.open(to / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is being created in {to}") from None
        yield


@contextmanager
def partial_directory(to: Path) -> Iterator[Path]:
    """Yield a directory to create a backup in, and delete it unless it was renamed.

    Its name is not that of a complete backup.
    """
    for abandoned in to.glob("*.partial"):  # by a process that was killed
        shutil.rmtree(abandoned)
    while (done := to / f"ublog-backup-{timezone.now():%Y%m%d-%H%M%S}").exists():
        time.sleep(0.1)  # names have a resolution of a second
    directory = done.with_suffix(".partial")
    directory.mkdir(mode=0o700)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def finish(directory: Path) -> Path:
    """Rename the directory to the name of a complete backup. Return its path."""
    with (directory / DATABASE).open("rb") as file:
        os.fsync(file.fileno())
    done = directory.with_suffix("")
    directory.rename(done)
    return done


def prune(to: Path, keep: int) -> int:
    """Delete the oldest scheduled backups, except `keep` of them. Return how many were deleted.

    Backups made by hand or by an upgrade are not deleted. One dated in the future, made while the
    clock was ahead, counts as the oldest: else the newest would be deleted in its place.
    """
    made = [each for each in finished(to) if each[1].why == "schedule"]
    made.sort(key=lambda each: each[1].is_of_the_future)  # stable: otherwise newest first
    for path, _ in made[max(1, keep) :]:
        shutil.rmtree(path)
    return len(made[max(1, keep) :])
