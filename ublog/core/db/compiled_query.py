"""SQL that is compiled once from a query set and executed with other values each time.

Building and compiling a query set costs several times what the database needs to execute it, so
the few queries of nearly every request are compiled once (docs/adr/0010-compiled-queries.md). The
query set is their only definition.
"""

from typing import Any

from django.db import connection
from django.db.models import QuerySet


class CompiledQuery:
    """The SQL of a query set of rows, and which value goes where in it."""

    def __init__(self, queryset: "QuerySet[Any, Any]", **placeholders: Any) -> None:
        """Compile `queryset`, in which a placeholder stands for each value.

        `placeholders` maps the name of a value to its placeholder in the query set; all must
        differ. Raise KeyError for a parameter that is not a placeholder.
        """
        self.sql, parameters = queryset.query.sql_with_params()
        names = {placeholder: name for name, placeholder in placeholders.items()}
        self.names = [names[parameter] for parameter in parameters]

    def fetch(self, **values: Any) -> list[tuple[Any, ...]]:
        """Execute the query. Return the rows as the driver reads them, without Django's converters.

        `values` are as the database driver takes them; those that the query does not need are
        ignored.
        """
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [values[name] for name in self.names] or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
