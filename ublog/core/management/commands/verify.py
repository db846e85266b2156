"""Read a backup through: checksums, row counts, the database's integrity, every picture."""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ublog.core.backups.checking import problems
from ublog.core.backups.folder import BackupError, Manifest


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, help="such as ublog-backup-20261122-213000")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = options["folder"]
        try:
            wrong = problems(folder)
            manifest = Manifest.read(folder)
        except BackupError as problem:
            raise CommandError(str(problem)) from None
        if wrong:
            raise CommandError("\n".join([f"{folder} is not whole:", *wrong]))
        self.stdout.write(
            f"{folder} is whole: {len(manifest.files)} files, {sum(manifest.rows.values()):,} rows"
        )
        for name in manifest.missing:
            self.stdout.write(f"{name}: the storage had lost it before the backup was made")
