"""P6: each read of a small and of a large database, in turn, one reader at a time."""

import statistics
from contextlib import ExitStack
from typing import Any

from bench import cells, databases, inside
from bench.cells import Cell
from bench.load import in_turn
from bench.progress import say
from bench.servers import Server, serving

SIZES = (1_000, 1_000_000)  # posts
TURN = 10  # requests before the next read has its turn
TURNS = 100  # requests of a read in a round


def flatness(engine: databases.Engine, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """The median of each round, in milliseconds: `flatness`."""
    with ExitStack() as stack:
        measured: dict[int, dict[str, Cell]] = {}
        servers: dict[int, Server] = {}
        for posts in SIZES:
            database = engine.url(databases.filled(engine, posts))
            people, cursor = inside.log_in(database)
            measured[posts] = cells.flatness(people, posts, cursor if posts == SIZES[1] else None)
            servers[posts] = stack.enter_context(serving("ublog", database))
        rows: list[dict[str, Any]] = [
            {"database": engine.name, "what": what, "posts": posts, "p50_ms": []}
            for what in measured[SIZES[1]]
            for posts in SIZES
            if what in measured[posts]
        ]
        asked = [
            (servers[row["posts"]].port, measured[row["posts"]][row["what"]].requests)
            for row in rows
        ]
        in_turn(asked, TURN, TURN)  # warms up
        for round in range(1, rounds + 1):
            say(f"{engine.name}: flatness, round {round} of {rounds}")
            for row, waited in zip(rows, in_turn(asked, TURNS, TURN), strict=True):
                row["p50_ms"].append(statistics.median(waited) * 1000)
    return {"flatness": rows}
