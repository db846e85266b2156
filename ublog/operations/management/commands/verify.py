"""Check a backup: checksums, row counts, the integrity of the database, every image."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ublog.operations.backups.directory import BackupError, Manifest
from ublog.operations.backups.verify import problems


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="such as ublog-backup-20261122-213000")

    def handle(self, *args: Any, **options: Any) -> None:
        directory = options["directory"]
        try:
            wrong = problems(directory)
            manifest = Manifest.read(directory)
        except BackupError as problem:
            raise CommandError(str(problem)) from None
        if wrong:
            raise CommandError("\n".join([f"{directory} is damaged:", *wrong]))
        self.stdout.write(
            f"{directory} is complete: {len(manifest.files)} files, "
            f"{sum(manifest.rows.values()):,} rows"
        )
        for name in manifest.missing:
            self.stdout.write(f"{name}: the storage had lost it before the backup was made")
