"""The directory of a backup: its files, its manifest, and how to find backups.

ublog-backup-20261122-213000/
    manifest.json      what this is, and the SHA-256 of every other file
    database.sqlite3   every row, whichever database the site uses
    media/…            every image that a row names
    secrets.env        only on request: the keys, with which one can log in as anybody
"""

import hashlib
import json
import os
import re
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.sqlite3"
MEDIA = "media/"
SECRETS = "secrets.env"
FAILURE = "last-failure.txt"  # beside the backups: why the last one could not be made
NAME = re.compile(r"ublog-backup-\d{8}-\d{6}")
CHUNK = 1 << 20  # bytes
CLOCKS_APART = timedelta(minutes=1)  # that the clocks of two machines may differ


class BackupError(Exception):
    """Why a backup cannot be created, read or restored, in one line for the operator."""


@dataclass(frozen=True)
class StoredFile:
    """A file of a backup: its SHA-256 in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """The content of `manifest.json`."""

    why: str  # "by hand", "schedule" or "upgrade"
    database: str  # the site's: "sqlite" or "postgresql"
    migrations: list[list[str]]  # [app, name] of each that is applied
    rows: dict[str, int]  # of each table
    pictures: dict[str, list[str]]  # of each table, the columns that name stored files
    files: dict[str, StoredFile]
    missing: list[str]  # files that rows name, and the storage had lost before
    made_on: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    ublog: str = field(default_factory=lambda: version())
    format: int = FORMAT

    def write(self, directory: Path) -> None:
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        with private(directory / MANIFEST) as file:
            file.write(text.encode() + b"\n")
            sync(file)

    @classmethod
    def read(cls, directory: Path) -> "Manifest":
        """Return the manifest. Raise BackupError when this release cannot read it."""
        try:
            found: dict[str, Any] = json.loads((directory / MANIFEST).read_bytes())
            if found["format"] > FORMAT:
                raise BackupError(f"{directory} was made by a newer μblog: upgrade first")
            stored = {name: StoredFile(**value) for name, value in found.pop("files").items()}
            return cls(files=stored, **found)
        except FileNotFoundError:
            raise BackupError(f"{directory} is not a backup: it has no {MANIFEST}") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BackupError(f"{directory / MANIFEST} cannot be read: {problem}") from None

    @property
    def age(self) -> timedelta:
        return datetime.now(UTC) - datetime.fromisoformat(self.made_on)

    @property
    def is_of_the_future(self) -> bool:
        return self.age < -CLOCKS_APART


def version() -> str:
    """Return μblog's version, from pyproject.toml."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def private(path: Path) -> IO[bytes]:
    """Create a file that only its owner can read, and open it for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def sync(file: IO[bytes]) -> None:
    """Write the file through to the disk, so that a named backup is complete after a power cut."""
    file.flush()
    os.fsync(file.fileno())


def digest(path: Path) -> StoredFile:
    with path.open("rb") as file:
        return StoredFile(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def finished(directory: Path) -> list[tuple[Path, Manifest]]:
    """Return the backups in a directory, newest first, except those that cannot be read."""
    return list(readable(directory))


def newest(directory: Path) -> tuple[Path, Manifest] | None:
    """Return the newest backup that is not dated in the future.

    A future date means that the clock was ahead, so such a backup may be old.
    """
    return next((each for each in readable(directory) if not each[1].is_of_the_future), None)


def readable(directory: Path) -> Iterator[tuple[Path, Manifest]]:
    entries = directory.iterdir() if directory.is_dir() else ()
    for path in sorted((each for each in entries if NAME.fullmatch(each.name)), reverse=True):
        try:
            yield path, Manifest.read(path)
        except BackupError:
            continue
