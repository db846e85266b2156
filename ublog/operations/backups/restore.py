"""Filling an empty site with a backup, whichever database either of them uses."""

import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path, PurePosixPath

from django.apps import apps
from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from dotenv import dotenv_values, set_key

from ublog.core.observability.masking import summary
from ublog.operations.backups import rows
from ublog.operations.backups.directory import DATABASE, MEDIA, SECRETS, BackupError, Manifest
from ublog.operations.backups.verify import problems

# What a start alone writes into a new site.
WRITTEN_BY_A_START = {
    *("django_content_type", "auth_permission"),
    *("core_heartbeat", "core_requestlog"),
}


# The tables whose rows let somebody in without a password, and which a restored site begins
# without: what was ended after the backup was made must not come back. Whatever else lets somebody
# in (personal tokens, OAuth grants, invitations, set-up links) is added here.
GRANTS = ["sessions.Session", "accounts.RefreshFamily"]


def restore(directory: Path, *, move: bool = False) -> Manifest:
    """Fill this empty site with the backup, and bring it up to this release; what was restored.

    Everybody must log in again, unless it is a move: then the old site has stopped, and nothing
    has happened since its backup was made. New rows have ids far beyond those of the backup.

    Pictures first and rows last, at once: a restore that was cut off has left an empty site, and
    is repeated. Raises BackupError, and has changed nothing, when the site is not empty or the
    backup is not whole.
    """
    manifest = Manifest.read(directory)
    try:
        refuse_newer(manifest)
        refuse_full()
        if wrong := problems(directory):
            raise BackupError(
                f"{directory} is not whole: {wrong[0]} ({len(wrong)} problems in all)"
            )
        for name in manifest.files:
            if name.startswith(MEDIA):
                store(name.removeprefix(MEDIA), directory / name)
        restore_rows(directory / DATABASE, move=move, margin=rows.margin(manifest.age))
    except BackupError:
        raise
    except Exception as problem:  # each storage and database fails in ways of its own
        reason = summary(problem) or type(problem).__name__
        raise BackupError(f"{directory} could not be restored: {reason}") from problem
    if SECRETS in manifest.files:
        restore_secrets(directory / SECRETS)
    return manifest


def refuse_newer(manifest: Manifest) -> None:
    known = MigrationLoader(None).disk_migrations
    newer = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if newer:
        raise BackupError(f"The backup is of a newer μblog, with {newer[0]}: upgrade first")


def refuse_full() -> None:
    there = rows.counts(connection, rows.tables(connection))
    found = {
        table: number
        for table, number in there.items()
        if number and table not in WRITTEN_BY_A_START
    }
    if found:
        table, number = max(found.items(), key=lambda pair: pair[1])
        raise BackupError(
            f"This site is not empty ({number} rows in {table}): restore into a new data directory "
            "or a new database"
        )


def store(name: str, path: Path) -> None:
    """The picture under its own name; what an earlier try has left of it goes."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts:
        raise BackupError(f"{name!r} is no name of a picture")
    if default_storage.exists(name):
        if default_storage.size(name) == path.stat().st_size:
            return
        default_storage.delete(name)
    with path.open("rb") as file:
        default_storage.save(name, File(file))


def restore_rows(file: Path, *, move: bool, margin: int) -> None:
    """Through a copy that is brought up to date as SQLite, so that an older backup fits the
    tables of this release on either database.

    What lets somebody in goes from the copy, so that the site never has it.
    """
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as temporary:
        path = Path(temporary) / DATABASE
        shutil.copyfile(file, path)
        with rows.opened(path) as source:
            executor = MigrationExecutor(source)
            executor.migrate(executor.loader.graph.leaf_nodes())
            if not move:
                end_grants(source)
            if connection.vendor == "sqlite":
                rows.advance_ids(source, margin)
            else:
                into_postgresql(source, margin)
        if connection.vendor == "sqlite":
            into_sqlite(path)
    call_command("migrate", interactive=False, verbosity=0)  # permissions of what is new
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def end_grants(source: BaseDatabaseWrapper) -> None:
    for label in GRANTS:
        apps.get_model(label)._base_manager.using(source.alias).all().delete()


def into_postgresql(source: BaseDatabaseWrapper, margin: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        rows.copy_all(source, connection)
        rows.advance_ids(connection, margin)


def into_sqlite(path: Path) -> None:
    """All pages in one transaction, by SQLite's online backup the other way round."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as source:
        source.backup(connection.connection)


def restore_secrets(path: Path) -> None:
    """In place of those that were made for the empty site; the environment's would win."""
    kept = Path(settings.SECRETS_FILE)
    kept.touch(mode=0o600)
    for name, value in dotenv_values(path).items():
        set_key(kept, name, value or "")
