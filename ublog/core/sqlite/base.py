"""Django's backend for SQLite, which reads a moment as what it is: in UTC.

SQLite has no type for moments, so Django stores them in UTC without saying so, reads them without
a time zone and adds it afterwards. Here they have it from the start.
https://docs.python.org/3/library/sqlite3.html#how-to-convert-sqlite-values-to-custom-python-types
"""

import sqlite3
from datetime import datetime

from django.db.backends.sqlite3.base import DatabaseWrapper as DatabaseWrapper  # for Django


def read_moment(stored: bytes) -> datetime:
    return datetime.fromisoformat(f"{stored.decode()}+00:00")


sqlite3.register_converter("datetime", read_moment)
