"""The work of the database for a read, counted: a busy machine changes nothing of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True)
class Work:
    """How many queries, and how many steps they take.

    On SQLite steps are those of its machine, in tens. On PostgreSQL they are the rows that all
    nodes of the plans return, and those that they read and drop. The depth of an index, which
    grows by one when a table grows a hundredfold, is in neither.
    """

    queries: int
    steps: int


def work_of(read: Callable[[], Any]) -> Work:
    """Return the work of what a function reads."""
    queries: list[str] = []
    steps: list[int] = []
    explains = connection.vendor == "postgresql"

    def execute(run: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        queries.append(sql)
        if explains and sql.lstrip().startswith(("SELECT", "WITH")):
            steps.append(handled_rows(run, sql, params, context))
        return run(sql, params, many, context)

    with ExitStack() as stack:
        if explains:
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")  # as autovacuum does by itself
        else:
            connection.ensure_connection()
            connection.connection.set_progress_handler(lambda: steps.append(1), 10)
            stack.callback(connection.connection.set_progress_handler, None, 0)
        stack.enter_context(connection.execute_wrapper(execute))
        read()
    return Work(len(queries), sum(steps))


def handled_rows(run: Callable[..., Any], sql: str, params: Any, context: Any) -> int:
    """Return how many rows the nodes of PostgreSQL's plan of a query handle."""
    run(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params, False, context)
    (found,) = context["cursor"].fetchone()
    (plan,) = json.loads(found) if isinstance(found, str) else found
    rows = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return sum(
        node["Actual Loops"] * sum(round(node.get(name, 0)) for name in rows)
        for node in nodes(plan["Plan"])
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a node of a plan, and all below it."""
    yield plan
    for node in plan.get("Plans", ()):
        yield from nodes(node)
