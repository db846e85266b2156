"""Fill this empty site with a backup, made on SQLite or on PostgreSQL.

Everybody must log in again, unless --move says that the old site has stopped for good and nothing
has happened there since the backup was made.
"""

from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from ublog.operations.backups.directory import BackupError
from ublog.operations.backups.restore import restore


class Command(BaseCommand):
    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("directory", type=Path, help="such as ublog-backup-20261122-213000")
        parser.add_argument("--move", action="store_true", help="keep everybody logged in")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            manifest = restore(options["directory"], move=options["move"])
        except BackupError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"Restored as it was on {manifest.made_on}: {sum(manifest.rows.values()):,} rows"
        )
