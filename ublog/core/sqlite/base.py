"""Django's backend for SQLite, which reads a moment as what it is: in UTC.

SQLite has no type for moments, so Django stores them in UTC without saying so, reads them without
a time zone and adds it afterwards. Here they have it from the start: what is read from a column
needs no converter of Django's, which is called for each value of each row. What SQL made of it
(`Max`, `Trunc`) comes as text, and does.
https://docs.python.org/3/library/sqlite3.html#how-to-convert-sqlite-values-to-custom-python-types
"""

import sqlite3
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.models import DateTimeField
from django.db.models.expressions import Col


@lru_cache(1024)  # the newest posts are read again and again
def read_moment(stored: bytes) -> datetime:
    return datetime.fromisoformat(f"{stored.decode()}+00:00")


sqlite3.register_converter("datetime", read_moment)


class DatabaseOperations(operations.DatabaseOperations):
    def get_db_converters(self, expression: Any) -> list[Any]:
        if isinstance(expression, Col) and isinstance(expression.output_field, DateTimeField):
            return []
        return super().get_db_converters(expression)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
