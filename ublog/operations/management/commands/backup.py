"""Create a backup of the site: database, images and a manifest with checksums."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from ublog.operations.backups.create import make, prune
from ublog.operations.backups.directory import FAILURE, BackupError, Manifest
from ublog.run.startup import write_atomically


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="the directory of backups (UBLOG_BACKUP_DIR)")
        parser.add_argument(
            "--with-secrets",
            action="store_true",
            help="include the keys, with which one can log in as anybody: keep the backup secret",
        )
        parser.add_argument(
            "--scheduled",
            action="store_true",
            help="mark it as scheduled, and delete the oldest of these",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        to = Path(os.path.abspath(options["to"] or settings.BACKUP_DIR))
        try:
            why = "schedule" if options["scheduled"] else "by hand"
            directory = make(to, why=why, with_secrets=options["with_secrets"])
        except BackupError as problem:
            note_failure(to, str(problem))
            raise CommandError(str(problem)) from None
        note_failure(to, "")
        self.report(directory, Manifest.read(directory), options["with_secrets"])
        if options["scheduled"] and (gone := prune(to, settings.BACKUP_KEEP)):
            self.stdout.write(f"{gone} older backups deleted")

    def report(self, directory: Path, manifest: Manifest, with_secrets: bool) -> None:
        pictures = len([name for name in manifest.files if name.startswith("media/")])
        size = sum(stored.size for stored in manifest.files.values()) / 1e6
        self.stdout.write(
            f"{directory}: {sum(manifest.rows.values()):,} rows, "
            f"{pictures:,} images, {size:,.1f} MB"
        )
        if manifest.missing:
            self.stdout.write(
                f"The storage has lost {len(manifest.missing)} images that posts name, such as "
                f"{manifest.missing[0]}"
            )
        if not with_secrets:
            self.stdout.write(
                "The secrets are not in it: restored elsewhere, everybody must log in again."
            )


def note_failure(to: Path, reason: str) -> None:
    """Store why no backup was made, for the page that lists them; "" deletes what was stored."""
    file = to / FAILURE
    with suppress(OSError):  # the disk may be full
        if reason:
            write_atomically(file, reason)
        else:
            file.unlink(missing_ok=True)
