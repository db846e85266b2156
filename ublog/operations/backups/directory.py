"""What is in a backup's directory, and which folders are backups.

ublog-backup-20261122-213000/
    manifest.json      what this is, and the SHA-256 of every other file
    database.sqlite3   every row, whatever database the site uses
    media/…            every picture that a row names
    secrets.env        only when asked for: the keys that sign people in
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
NAME = re.compile(r"ublog-backup-\d{8}-\d{6}")
CHUNK = 1 << 20  # bytes
CLOCKS_APART = timedelta(minutes=1)  # by which the clocks of two machines may differ


class BackupError(Exception):
    """Why there is no backup, or no restoring it; in one line, for whoever asked."""


@dataclass(frozen=True)
class Stored:
    """A file of a backup: its SHA-256 in hexadecimal, and its size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself."""

    why: str  # "by hand", "schedule" or "upgrade"
    database: str  # which kind the site used: "sqlite" or "postgresql"
    migrations: list[list[str]]  # [app, name] of each that the rows have been through
    rows: dict[str, int]  # of each table
    pictures: dict[str, list[str]]  # of each table, the columns that name stored files
    files: dict[str, Stored]
    missing: list[str]  # files that rows name, and the storage had lost before
    made_on: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    ublog: str = field(default_factory=lambda: version())
    format: int = FORMAT

    def write(self, directory: Path) -> None:
        text = json.dumps(asdict(self), indent=1, sort_keys=True)
        with private(directory / MANIFEST) as file:
            file.write(text.encode() + b"\n")
            settle(file)

    @classmethod
    def read(cls, directory: Path) -> "Manifest":
        """Raises BackupError when there is none that this release can read."""
        try:
            found: dict[str, Any] = json.loads((directory / MANIFEST).read_bytes())
            if found["format"] > FORMAT:
                raise BackupError(f"{directory} was made by a newer μblog: upgrade first")
            stored = {name: Stored(**value) for name, value in found.pop("files").items()}
            return cls(files=stored, **found)
        except FileNotFoundError:
            raise BackupError(f"{directory} is no backup: it has no {MANIFEST}") from None
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
            raise BackupError(f"{directory / MANIFEST} cannot be read: {problem}") from None

    @property
    def age(self) -> timedelta:
        return datetime.now(UTC) - datetime.fromisoformat(self.made_on)

    @property
    def is_of_the_future(self) -> bool:
        return self.age < -CLOCKS_APART


def version() -> str:
    """Of μblog, as pyproject.toml says it."""
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    return str(project["version"])


def private(path: Path) -> IO[bytes]:
    """A new file that only its owner reads."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def settle(file: IO[bytes]) -> None:
    """Have it on the disk, so that a backup that has its name is whole after a power cut."""
    file.flush()
    os.fsync(file.fileno())


def digest(path: Path) -> Stored:
    with path.open("rb") as file:
        return Stored(hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size)


def finished(directory: Path) -> list[tuple[Path, Manifest]]:
    """The backups in a directory, the newest first; what cannot be read is none."""
    return list(readable(directory))


def newest(directory: Path) -> tuple[Path, Manifest] | None:
    """The last backup, as its own date says. One of the future was made while the clock was
    ahead, so it may be old."""
    return next((each for each in readable(directory) if not each[1].is_of_the_future), None)


def readable(directory: Path) -> Iterator[tuple[Path, Manifest]]:
    entries = directory.iterdir() if directory.is_dir() else ()
    for path in sorted((each for each in entries if NAME.fullmatch(each.name)), reverse=True):
        try:
            yield path, Manifest.read(path)
        except BackupError:
            continue
