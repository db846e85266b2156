"""Django's backend for SQLite, which reads datetimes as aware ones in UTC.

SQLite has no type for datetimes, so Django stores them in UTC without a time zone, reads naive ones
and makes them aware. Here they are aware when they are read, so a column needs no converter of
Django's, which would be called for each value of each row. The result of an SQL function (`Max`,
`Trunc`) is text, and is converted by Django.
https://docs.python.org/3/library/sqlite3.html#how-to-convert-sqlite-values-to-custom-python-types
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, operations
from django.db.models import DateTimeField
from django.db.models.expressions import Col

from ublog.core.exceptions import TooSlow

MAX_CACHED_QUERY = 4_000  # characters, 256 times
STEPS = 10_000  # of SQLite's virtual machine, about 0.1 ms, between two checks of the time


@lru_cache(1024)  # the newest posts are read again and again
def read_datetime(stored: bytes) -> datetime:
    return datetime.fromisoformat(f"{stored.decode()}+00:00")


sqlite3.register_converter("datetime", read_datetime)


@lru_cache(256)
def convert_placeholders(query: str) -> str:
    """Return a statement with the placeholders of SQLite in place of Django's, as Django does."""
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class CursorWrapper(base.SQLiteCursorWrapper):
    """Converts the placeholders of a statement once: else a regular expression reads it each time.

    Long ones, such as an INSERT of many rows, are converted each time: they differ, and would fill
    the memory.
    """

    def convert_query(self, query: str, *, param_names: list[str] | None = None) -> str:
        if param_names is None and len(query) < MAX_CACHED_QUERY:
            return convert_placeholders(query)
        converted: str = super().convert_query(query, param_names=param_names)
        return converted


class DatabaseOperations(operations.DatabaseOperations):
    def get_db_converters(self, expression: Any) -> list[Any]:
        if isinstance(expression, Col) and isinstance(expression.output_field, DateTimeField):
            return []
        return super().get_db_converters(expression)


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations

    def create_cursor(self, name: str | None = None) -> CursorWrapper:
        cursor: CursorWrapper = self.connection.cursor(factory=CursorWrapper)
        return cursor

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Cancel what the block executes after so many seconds, and raise TooSlow.

        https://docs.python.org/3/library/sqlite3.html#sqlite3.Connection.set_progress_handler
        """
        self.ensure_connection()
        raw, end = self.connection, time.monotonic() + seconds
        raw.set_progress_handler(lambda: time.monotonic() > end, STEPS)
        try:
            yield
        except OperationalError as failure:
            if getattr(failure.__cause__, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT:
                raise TooSlow from failure
            raise
        finally:
            raw.set_progress_handler(None, 0)
