"""Django's sessions in the database, each read by a query that is compiled once.

Each page of a logged-in user begins with it: see docs/adr/0012-compiled-queries.md.
"""

from functools import cache
from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from ublog.core.cursors import EPOCH
from ublog.core.db.compiled_query import CompiledQuery


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        """Return the session's data. An unknown or expired one is empty and has no key."""
        key, rows = self.session_key or "", []
        if key.isascii() and key.isalnum():  # a database may raise an error for another text
            rows = compiled_session().fetch(key=key, now=timezone.now())
        if not rows:
            self._session_key = None
            return {}
        return self.decode(rows[0][0])


@cache
def compiled_session() -> CompiledQuery:
    """Compile what Django reads of a session, on first use: models are loaded by then."""
    sessions = SessionStore.get_model_class().objects
    found = sessions.filter(session_key="key", expire_date__gt=EPOCH)
    return CompiledQuery(found.values_list("session_data"), key="key", now=EPOCH)
