"""How many queries a request makes, and how long it and they take."""

import time
from collections.abc import Callable
from typing import Any


class QueryCounter:
    """Count queries and their time, as an `execute_wrapper` of Django's connection."""

    def __init__(self) -> None:
        self.queries, self.seconds = 0, 0.0
        self.started = time.perf_counter()

    def __call__(self, execute: Callable[..., Any], *arguments: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(*arguments)
        finally:
            self.queries += 1
            self.seconds += time.perf_counter() - started

    @property
    def total_seconds(self) -> float:
        """Return the time since this was made, with what is not a query."""
        return time.perf_counter() - self.started
