"""Write the GraphQL schema: `manage.py graphql_schema --out docs/schema.graphql`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from ublog.interfaces.graphql.schema import schema


class Command(BaseCommand):
    help = "Write the GraphQL schema to a file."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", type=Path, required=True)

    def handle(self, *args: Any, out: Path, **options: Any) -> None:
        out.write_text(str(schema), encoding="utf-8")
