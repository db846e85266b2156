"""Django's backend for PostgreSQL, with faster datetimes and connection checks.

https://docs.djangoproject.com/en/5.2/ref/databases/#subclassing-the-built-in-database-backends
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import OperationalError, transaction
from django.db.backends.postgresql import base
from psycopg import BaseConnection
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.errors import QueryCanceled

from ublog.core.exceptions import TooSlow


class UtcLoader(Loader):
    """Read a timestamptz of a session in UTC: half the cost of fetching a page of posts.

    https://www.psycopg.org/psycopg3/docs/advanced/adapt.html
    """

    timezone = UTC  # Django compares it with its own

    def load(self, data: Buffer) -> datetime:
        return datetime.fromisoformat(str(data, "ascii"))


class DatabaseWrapper(base.DatabaseWrapper):
    connection: BaseConnection[Any] | None

    def get_connection_params(self) -> dict[str, Any]:
        params = super().get_connection_params()
        if self.timezone == UTC:
            params["context"] = AdaptersMap(params["context"])
            params["context"].register_loader("timestamptz", UtcLoader)
        return params

    def is_usable(self) -> bool:
        """Return whether the server still holds the connection, without a round trip.

        Between two requests the server sends nothing, unless it ends the connection.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN | select.POLLHUP)
        return not poll.poll(0)

    @contextmanager
    def time_limit(self, seconds: float) -> Iterator[None]:
        """Cancel each statement of the block after so many seconds, and raise TooSlow.

        https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT
        """
        try:
            with transaction.atomic(self.alias):
                self.set_statement_timeout(seconds)
                yield
        except OperationalError as failure:
            if isinstance(failure.__cause__, QueryCanceled):
                raise TooSlow from failure
            raise

    def set_statement_timeout(self, seconds: float) -> None:
        """Set it until the transaction ends, by the driver: Django would count one more query."""
        with self.wrap_database_errors, self.connection.cursor() as cursor:  # type: ignore[union-attr]
            cursor.execute(f"SET LOCAL statement_timeout = {1000 * seconds:.0f}")
