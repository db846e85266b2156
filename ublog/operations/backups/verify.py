"""Check a backup: are its files complete, and do its rows agree with its manifest?"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ublog.operations.backups.directory import DATABASE, MEDIA, Manifest, digest


def problems(directory: Path) -> list[str]:
    """Return all problems of a backup, a line each. Raise BackupError when it is not a backup."""
    manifest = Manifest.read(directory)
    wrong = list(wrong_files(directory, manifest))
    return wrong or list(wrong_rows(directory / DATABASE, manifest))


def wrong_files(directory: Path, manifest: Manifest) -> Iterator[str]:
    for name, stored in {DATABASE: None, **manifest.files}.items():
        if not (directory / name).is_file():
            yield f"{name} is missing"
        elif stored is None or digest(directory / name) != stored:
            yield f"{name} has changed: its checksum differs"


def wrong_rows(file: Path, manifest: Manifest) -> Iterator[str]:
    """Check the rows by SQL alone, so that a backup of any release can be checked."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?immutable=1", uri=True)) as rows:
            if (found := rows.execute("PRAGMA integrity_check").fetchone()[0]) != "ok":
                yield f"{DATABASE} is damaged: {found}"
            for table, row, other, _ in rows.execute("PRAGMA foreign_key_check"):
                yield f"{DATABASE}: row {row} of {table} refers to a missing row of {other}"
            for table, number in manifest.rows.items():
                yield from wrong_count(rows, table, number)
            yield from missing_pictures(rows, manifest)
    except sqlite3.Error as problem:
        yield f"{DATABASE} cannot be read: {problem}"


def wrong_count(rows: sqlite3.Connection, table: str, number: int) -> Iterator[str]:
    found = rows.execute(f"SELECT count(*) FROM {quoted(table)}").fetchone()[0]  # noqa: S608  # nosec B608
    if found != number:
        yield f"{DATABASE}: {found} rows in {table}, not {number}"


def missing_pictures(rows: sqlite3.Connection, manifest: Manifest) -> Iterator[str]:
    for table, columns in manifest.pictures.items():
        for column in map(quoted, columns):
            for (name,) in rows.execute(
                f"SELECT {column} FROM {quoted(table)} WHERE {column} <> ''"  # noqa: S608  # nosec B608
            ):
                if MEDIA + name not in manifest.files and name not in manifest.missing:
                    yield f"{MEDIA}{name} is not in the backup, though a row of {table} names it"


def quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
