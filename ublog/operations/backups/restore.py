"""Fill an empty site with a backup; the two may use different databases."""

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

from ublog.blog.notifications import MailState, Notification
from ublog.core.observability.masking import summary
from ublog.operations.backups import rows
from ublog.operations.backups.directory import DATABASE, MEDIA, SECRETS, BackupError, Manifest
from ublog.operations.backups.verify import problems

# Tables that a new site writes to when it starts.
WRITTEN_BY_A_START = {
    *("django_content_type", "auth_permission"),
    *("core_heartbeat", "core_requestlog", "accounts_invitation"),
}

# Models whose rows log a user in without a password. A restored site starts without them: what was
# revoked after the backup must not come back. The link that sets up a site is an invitation, too.
# The applications of OAuth stay, since programs do not register twice. Archives go, since a backup
# does not have their files.
GRANTS = [
    *("sessions.Session", "accounts.TokenFamily", "accounts.PersonalToken"),
    *("accounts.Invitation", "oauth.AllowedApplication", "blog.Archive"),
    *("oauth2_provider.Grant", "oauth2_provider.RefreshToken", "oauth2_provider.AccessToken"),
]


def restore(directory: Path, *, move: bool = False) -> Manifest:
    """Fill this empty site with the backup, and migrate it to this release. Return the manifest.

    All users must log in again, unless it is a move: then the old site has stopped, and nothing has
    happened since the backup was created. New rows get ids far beyond those of the backup.

    Images come first and all rows last, in one transaction: a restore that was interrupted leaves
    an empty site, and is repeated. Raise BackupError, with nothing changed, when the site is not
    empty or the backup is damaged.
    """
    manifest = Manifest.read(directory)
    try:
        check_release(manifest)
        check_empty()
        if wrong := problems(directory):
            raise BackupError(f"{directory} is damaged: {wrong[0]} ({len(wrong)} problems in all)")
        for name in manifest.files:
            if name.startswith(MEDIA):
                store_image(name.removeprefix(MEDIA), directory / name)
        restore_rows(directory / DATABASE, move=move, margin=rows.margin(manifest.age))
    except BackupError:
        raise
    except Exception as problem:  # each storage and database raises errors of its own
        reason = summary(problem) or type(problem).__name__
        raise BackupError(f"{directory} could not be restored: {reason}") from problem
    if SECRETS in manifest.files:
        restore_secrets(directory / SECRETS)
    return manifest


def check_release(manifest: Manifest) -> None:
    """Raise BackupError for a backup of a newer release, with migrations that are unknown here."""
    known = MigrationLoader(None).disk_migrations
    newer = [f"{app}.{name}" for app, name in manifest.migrations if (app, name) not in known]
    if newer:
        raise BackupError(f"The backup is of a newer release, with {newer[0]}: upgrade first")


def check_empty() -> None:
    """Raise BackupError when the database has rows that a mere start does not write."""
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


def store_image(name: str, path: Path) -> None:
    """Store an image under its own name, in place of what an earlier attempt has left of it."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts:
        raise BackupError(f"{name!r} is not the name of an image")
    if default_storage.exists(name):
        if default_storage.size(name) == path.stat().st_size:
            return
        default_storage.delete(name)
    with path.open("rb") as file:
        default_storage.save(name, File(file))


def restore_rows(file: Path, *, move: bool, margin: int) -> None:
    """Restore all rows, from a copy that is migrated as SQLite.

    So an older backup fits the tables of this release on either database. GRANTS are deleted in the
    copy, so that the site never has them.
    """
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=settings.DATA_DIR) as temporary:
        path = Path(temporary) / DATABASE
        shutil.copyfile(file, path)
        with rows.opened(path) as source:
            executor = MigrationExecutor(source)
            executor.migrate(executor.loader.graph.leaf_nodes())
            if not move:
                delete_grants(source)
                forget_mails(source)
            if connection.vendor == "sqlite":
                rows.advance_ids(source, margin)
            else:
                into_postgresql(source, margin)
        if connection.vendor == "sqlite":
            into_sqlite(path)
    call_command("migrate", interactive=False, verbosity=0)  # permissions of what is new
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def delete_grants(source: BaseDatabaseWrapper) -> None:
    for label in GRANTS:
        apps.get_model(label)._base_manager.using(source.alias).all().delete()


def forget_mails(source: BaseDatabaseWrapper) -> None:
    """Mark notifications as mailed that were waiting: they may have been sent since the backup."""
    waiting = Notification.objects.using(source.alias).exclude(mail_state=None)
    waiting.update(mail_state=MailState.SENT)


def into_postgresql(source: BaseDatabaseWrapper, margin: int) -> None:
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        rows.copy_all(source, connection)
        rows.advance_ids(connection, margin)


def into_sqlite(path: Path) -> None:
    """Copy all pages in one transaction, by SQLite's online backup API in reverse."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as source:
        source.backup(connection.connection)


def restore_secrets(path: Path) -> None:
    """Replace the secrets created for the empty site; those of the environment take precedence."""
    target = Path(settings.SECRETS_FILE)
    target.touch(mode=0o600)
    for name, value in dotenv_values(path).items():
        set_key(target, name, value or "")
