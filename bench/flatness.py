"""P6 and P22: each read of a small and of a large database, alternating, one client at a time."""

import statistics
from contextlib import ExitStack
from typing import Any

from bench import cells, databases, inside
from bench.cells import Cell
from bench.load import alternate
from bench.progress import say
from bench.servers import Server, serving

SIZES = (1_000, 1_000_000)  # posts
TURN = 10  # requests before the next read
TURNS = 100  # requests of a read in a round


def flatness(engine: databases.Engine, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """Return `flatness`: for each read and size the median of each round, in milliseconds."""
    with ExitStack() as stack:
        measured: dict[int, dict[str, Cell]] = {}
        servers: dict[int, Server] = {}
        for posts in SIZES:
            database = engine.url(databases.filled(engine, posts))
            measured[posts] = cells.flatness(*inside.log_in(database), posts)
            servers[posts] = stack.enter_context(serving("ublog", database))
        rows: list[dict[str, Any]] = [
            {"database": engine.name, "what": what, "posts": posts, "p50_ms": []}
            for what in measured[SIZES[1]]
            for posts in SIZES
            if what in measured[posts]
        ]
        targets = [
            (servers[row["posts"]].port, measured[row["posts"]][row["what"]].requests)
            for row in rows
        ]
        alternate(targets, TURN, TURN)  # warms up
        for round in range(1, rounds + 1):
            say(f"{engine.name}: flatness, round {round} of {rounds}")
            for row, waited in zip(rows, alternate(targets, TURNS, TURN), strict=True):
                row["p50_ms"].append(statistics.median(waited) * 1000)
    return {"flatness": rows}
