"""Django's sessions in the database, each read by one fixed statement: each page of somebody who
is signed in begins with that, and with a query built anew it would cost four times as much."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """As Django's: what is unknown or over is an empty session without a key."""
        key, row = self.session_key or "", None
        if key.isascii() and key.isalnum():  # a database could choke on another
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            with connection.cursor() as cursor:
                cursor.execute(READ, [key, now])
                row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])
