"""SQL that is compiled once from a query set, and executed with other values each time.

Building and compiling a query set costs several times what the database takes to execute it. The
few queries that nearly every request makes are therefore compiled once in a process. The query set
stays their only definition: see docs/adr/0012-compiled-queries.md.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Value


class Constant(Value):
    """A number or a name that is written into the SQL: a compiled query replaces all parameters."""

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[()]]:
        """Return the SQL of it. Raise ValueError for a text that is no name."""
        if not isinstance(self.value, str):
            return str(int(self.value)), ()
        if not self.value.isidentifier():
            raise ValueError(f"{self.value!r} is not a name.")
        return f"'{self.value}'", ()


class CompiledQuery:
    """The SQL of a query set, and the order in which it takes its values."""

    def __init__(self, queryset: "QuerySet[Any, Any]", **placeholders: Any) -> None:
        """Compile `queryset`, which was built with a placeholder for each value.

        `placeholders` maps the name of each value to its placeholder; no two are equal. Raise
        KeyError when the query has a parameter that is no placeholder.
        """
        self.model = queryset.model
        self.fields = [field.attname for field in self.model._meta.concrete_fields]
        self.annotations = list(queryset.query.annotation_select)
        self.sql, parameters = queryset.query.sql_with_params()
        names = {adapted(placeholder): name for name, placeholder in placeholders.items()}
        self.names = [names[parameter] for parameter in parameters]

    def fetch(self, **values: Any) -> list[tuple[Any, ...]]:
        """Execute the query and return its rows, for a query set of `values_list`.

        `values` has a value for each name; names that the query does not use are ignored. The rows
        are as the database driver reads them: Django's converters of fields do not run.
        """
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [adapted(values[name]) for name in self.names] or None)
            rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def first(self, **values: Any) -> Any:
        """Execute the query and return its first row as an instance of the model, or None.

        For a query set of models: annotations become attributes, as Django has it. No field of the
        model may need a converter.
        """
        rows = self.fetch(**values)
        if not rows:
            return None
        count = len(self.fields)
        instance = self.model.from_db(connection.alias, self.fields, rows[0][:count])
        for name, value in zip(self.annotations, rows[0][count:], strict=True):
            setattr(instance, name, value)
        return instance


def adapted(value: Any) -> Any:
    """Return a value as the database driver takes it: SQLite takes moments and UUIDs as text."""
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value
