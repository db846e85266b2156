"""A system check: the triggers that keep the like counts are there."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Critical, Tags, register
from django.db import connections

TRIGGERS = {"postlike_counts_up", "postlike_counts_down"}
QUERIES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@register(Tags.database)
def like_counts_are_kept(*, databases: Sequence[str] | None = None, **_: Any) -> list[Critical]:
    """SQLite rebuilds a table that a migration alters, and silently drops its triggers."""
    return [
        Critical(
            f"The database {alias!r} lacks the triggers {', '.join(sorted(missing))}: "
            "like counts would be wrong.",
            hint="Call `triggers.create` at the end of the migration that altered the table.",
            id="blog.E001",
        )
        for alias in databases or []
        if (missing := missing_triggers(alias))
    ]


def missing_triggers(alias: str) -> set[str]:
    """The triggers that a migrated database lacks; none before the first migration."""
    connection = connections[alias]
    if "blog_postlike" not in connection.introspection.table_names():
        return set()
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[connection.vendor])
        return TRIGGERS - {name for (name,) in cursor.fetchall()}
