"""Making a backup of a site that people write to meanwhile."""

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
    Stored,
    digest,
    finished,
    newest,
    private,
    settle,
)

TRIES = 5  # each needs a picture deleted within the moment of a snapshot


def make(to: Path, *, why: str = "by hand", with_secrets: bool = False) -> Path:
    """A new backup in that directory; where it is. Raises BackupError when there is none."""
    try:
        with one_at_a_time(to), draft(to) as directory:
            write(directory, FileCollector(directory, *(newest(to) or ())), why, with_secrets)
            return finish(directory)
    except BackupError:
        raise
    except Exception as problem:  # each storage and database fails in ways of its own
        reason = summary(problem) or type(problem).__name__
        raise BackupError(f"There is no backup in {to}: {reason}") from problem


def write(directory: Path, gathering: "FileCollector", why: str, with_secrets: bool) -> None:
    """The order matters: pictures first, then the rows, then the pictures that came meanwhile.

    A picture is stored before its row and deleted after it, so whatever the rows of one moment
    name was there at that moment. Most is copied by then; only a picture that is deleted between
    that moment and the second look is missed, and then a later moment is taken.
    """
    columns = rows.pictures(found := rows.tables(connection))
    gathering.gather(rows.names(connection, columns))
    lost: set[str] = set()
    for _ in range(TRIES):
        with snapshot(directory / DATABASE) as frozen:
            named = rows.names(frozen, columns)
            missing = gathering.gather(named)
            if missing <= lost:  # twice: the storage had lost it before
                counted = rows.counts(frozen, found)
                migrations = [list(key) for key in rows.applied(frozen)]
                if frozen is connection:
                    rows.into_new_file(frozen, directory / DATABASE)
                break
            lost |= missing
    else:
        raise BackupError("Pictures are deleted faster than they can be copied: try again later")
    gathering.keep(named)
    files = gathering.files | {DATABASE: digest(directory / DATABASE)}
    if with_secrets:
        files[SECRETS] = write_secrets(directory / SECRETS)
    manifest = Manifest(
        why, connection.vendor, migrations, counted, columns, files, sorted(missing)
    )
    manifest.write(directory)


@contextmanager
def snapshot(file: Path) -> Iterator[BaseDatabaseWrapper]:
    """All rows as they are at one moment; nobody who writes waits for it."""
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
    """SQLite's own online backup: https://sqlite.org/backup.html. The file alone would lack what
    is still in the write-ahead log. In one step: writers need not wait, and cannot restart it."""
    file.unlink(missing_ok=True)
    private(file).close()
    connection.ensure_connection()
    with closing(sqlite3.connect(file)) as copy:
        connection.connection.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, and no others beside it


@dataclass
class FileCollector:
    """The pictures of a backup that is being made.

    A stored file's name is random and its content never changes, so what the backup before has
    is linked, not copied: every further backup costs the new pictures alone.
    """

    directory: Path
    before: Path | None = None
    known: Manifest | None = None
    files: dict[str, Stored] = field(default_factory=dict)

    def gather(self, names: set[str]) -> set[str]:
        """Have all of these; those that the storage does not have."""
        return {name for name in names if MEDIA + name not in self.files and not self.take(name)}

    def take(self, name: str) -> bool:
        target = self.directory / MEDIA / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        stored = self.link(MEDIA + name, target) or self.copy(name, target)
        if stored:
            self.files[MEDIA + name] = stored
        return stored is not None

    def link(self, name: str, target: Path) -> Stored | None:
        stored = self.known.files.get(name) if self.known else None
        if stored and self.before:
            with suppress(OSError):  # another file system, or one that has no links
                if (self.before / name).stat().st_size == stored.size:
                    os.link(self.before / name, target)
                    return stored
        return None

    def copy(self, name: str, target: Path) -> Stored | None:
        try:
            source = default_storage.open(name)
        except FileNotFoundError:
            return None
        sha = hashlib.sha256()
        with source, private(target) as file:
            while chunk := source.read(CHUNK):
                sha.update(chunk)
                file.write(chunk)
            settle(file)
            return Stored(sha.hexdigest(), file.tell())

    def keep(self, names: set[str]) -> None:
        """Only these: the others' posts were deleted before the rows were copied."""
        for name in set(self.files) - {MEDIA + name for name in names}:
            (self.directory / name).unlink()
            del self.files[name]


def write_secrets(path: Path) -> Stored:
    """The keys as a `secrets.env` has them."""
    keys = dict(settings.TOKEN_KEYS)
    secrets = {"UBLOG_SECRET_KEY": settings.SECRET_KEY, "UBLOG_TOKEN_KEY": keys.pop("1", "")}
    secrets["UBLOG_TOKEN_KEYS"] = ",".join(f"{name}:{key}" for name, key in keys.items())
    with private(path) as file:
        for name, value in secrets.items():
            if value:
                escaped = value.replace("\\", "\\\\").replace("'", "\\'")
                file.write(f"{name}='{escaped}'\n".encode())
        settle(file)
    return digest(path)


@contextmanager
def one_at_a_time(to: Path) -> Iterator[None]:
    """Raises BackupError when another backup is being made in that directory."""
    to.mkdir(parents=True, exist_ok=True)
    with open(os.open(to / ".lock", os.O_WRONLY | os.O_CREAT, 0o600)) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"Another backup is being made in {to}") from None
        yield


@contextmanager
def draft(to: Path) -> Iterator[Path]:
    """A directory to make a backup in, which has no backup's name and goes when that fails."""
    for dead in to.glob("*.partial"):  # its maker was killed
        shutil.rmtree(dead)
    while (done := to / f"ublog-backup-{timezone.now():%Y%m%d-%H%M%S}").exists():
        time.sleep(0.1)  # a name is a second
    directory = done.with_suffix(".partial")
    directory.mkdir(mode=0o700)
    try:
        yield directory
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def finish(directory: Path) -> Path:
    """Give it the name of a backup."""
    with (directory / DATABASE).open("rb") as file:
        os.fsync(file.fileno())
    done = directory.with_suffix("")
    directory.rename(done)
    return done


def prune(to: Path, keep: int) -> int:
    """Delete the oldest that the clock has made, but for so many; how many. What a person or an
    upgrade has made is theirs to delete. One of the future, made while the clock was ahead, counts
    as older than the others: else what was made just now would be deleted in its place."""
    made = [each for each in finished(to) if each[1].why == "schedule"]
    made.sort(key=lambda each: each[1].is_of_the_future)  # stable: else the newest first
    for path, _ in made[max(1, keep) :]:
        shutil.rmtree(path)
    return len(made[max(1, keep) :])
