"""Bring the database and the static files up to date, as a start needs them."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import Tags
from django.core.management import BaseCommand, CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from ublog import paths
from ublog.accounts import site
from ublog.operations.backups.create import make
from ublog.operations.backups.directory import BackupError
from ublog.run.startup import SET_UP_LINK, check_directories, write_atomically


class Command(BaseCommand):
    help = "Bring the database and the static files up to date; quick when they are."
    requires_system_checks = []  # all but one would load every view: `make check` runs them

    def handle(self, *args: Any, **options: Any) -> None:
        check_directories(settings)
        try:
            self.migrate()
            self.check(tags=[Tags.database], databases=[connection.alias])
        except DatabaseError as problem:
            reason = " ".join(str(problem).split())
            raise CommandError(f"The database cannot be used: {reason}") from None
        try:
            self.collect_static()
        except OSError as problem:
            place = settings.STATIC_ROOT
            reason = problem.strerror or str(problem)
            raise CommandError(f"The static files cannot be written to {place}: {reason}") from None
        self.write_set_up_link()

    def write_set_up_link(self) -> None:
        """Write the link that sets up a site without an administrator to a file for its operator.

        `make run` prints it; without a terminal it is read there. Delete it with an administrator.
        """
        path = settings.DATA_DIR / SET_UP_LINK
        if link := site.create_set_up_link():
            write_atomically(path, f"{link}\n")
        else:
            path.unlink(missing_ok=True)

    def migrate(self) -> None:
        """Apply the migrations, after a backup unless the database is new."""
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            return
        backup = self.back_up() if executor.loader.applied_migrations else None
        self.stdout.write(f"Preparing the database ({len(plan)} migrations)")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except Exception as failure:  # a migration may fail in any way
            if backup is None:
                raise
            raise CommandError(how_to_go_back(failure, backup)) from failure

    def back_up(self) -> Path:
        try:
            backup = make(settings.BACKUP_DIR, why="upgrade")
        except BackupError as problem:
            migrate = paths.how_to_manage("migrate")
            raise CommandError(
                f"Nothing was changed. {problem}. Without a backup: {migrate}"
            ) from None
        self.stdout.write(f"The site before the upgrade is in {backup}")
        return backup

    def collect_static(self) -> None:
        """Collect the static files if one has changed: hashing and compressing takes seconds.

        A wheel is built with the collected files.
        """
        if paths.INSTALLED:
            return
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        fingerprint = static_fingerprint()
        with one_at_a_time(settings.BASE_DIR):
            if not stamp.exists() or stamp.read_text() != fingerprint:
                self.stdout.write("Preparing the static files")
                call_command("collectstatic", interactive=False, verbosity=0)
                stamp.write_text(fingerprint)


def how_to_go_back(failure: Exception, backup: Path) -> str:
    reason = " ".join(str(failure).split()) or type(failure).__name__
    return (
        f"A migration failed: {reason}. Nothing is lost: with the previous release, "
        f"{paths.how_to('restore', 'NEW_DIRECTORY', backup)} restores the site"
    )


@contextmanager
def one_at_a_time(directory: Path) -> Iterator[None]:
    """Hold a lock: two sites may be started from one checkout at the same time."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def static_fingerprint() -> str:
    """Return a digest that changes with any static file and with the storage's configuration."""
    files = [
        (path, storage.size(path), storage.get_modified_time(path).timestamp())
        for finder in get_finders()
        for path, storage in finder.list([])
    ]
    return hashlib.sha256(
        repr([settings.STORAGES["staticfiles"], sorted(files)]).encode()
    ).hexdigest()
