"""SQL that is compiled once from a query set and executed with other values each time.

Building and compiling a query set costs several times what the database takes to answer it, so
the few queries that nearly every request makes are kept (docs/adr/0010-compiled-queries.md). The
query set stays their only definition.
"""

from typing import Any

from django.db import connection
from django.db.models import QuerySet


class CompiledQuery:
    """The SQL of a query set of rows, and which value goes where in it."""

    def __init__(self, queryset: "QuerySet[Any, Any]", **placeholders: Any) -> None:
        """Compile `queryset`, in which each value to come is represented by a placeholder.

        `placeholders` maps the name of a value to what stands for it in the query set. Each must
        be different from the others. Raises KeyError for a parameter that is no placeholder.
        """
        self.sql, parameters = queryset.query.sql_with_params()
        names = {placeholder: name for name, placeholder in placeholders.items()}
        self.names = [names[parameter] for parameter in parameters]

    def fetch(self, **values: Any) -> list[tuple[Any, ...]]:
        """Execute it. `values` are as the database adapter takes them; more may be given than it
        needs. Returns the rows as the database driver reads them, without Django's converters."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [values[name] for name in self.names] or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
