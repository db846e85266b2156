"""Every operation through every interface beside the bare server and the peers, on one database."""

import time
from contextlib import ExitStack
from itertools import groupby
from typing import Any

from bench import cells, databases, inside
from bench.cells import Cell
from bench.load import in_turn, load
from bench.measure import cpu_seconds
from bench.progress import say
from bench.requests import Request, ask, check
from bench.servers import serving

POSTS = 100_000
CONNECTIONS = 4  # as many as the web process has threads
TURN = 20  # requests before the next server has its turn
TURNS = 120  # requests of a cell in a round
LOADS = 1  # seconds that each cell has to itself
# P8 is a small difference of large figures: more requests, one at a time.
WATCHES = 6
WATCHED = 1_500
WATCH_TURN = 50
REST = 1.3  # seconds after which the request log has been written, too


class Ladder:
    """The cells are measured in turn, round by round; then each has the machine to itself."""

    def __init__(self, engine: databases.Engine, quick: bool, rounds: int) -> None:
        self.engine, self.quick, self.rounds = engine, quick, rounds
        self.pool: list[int] = []  # posts to delete

    def run(self) -> dict[str, list[dict[str, Any]]]:
        """The `rows` of the cells, and what `watching` costs."""
        with ExitStack() as stack:
            self.database = stack.enter_context(databases.copied(self.engine, POSTS))
            self.people, _ = inside.log_in(self.database)
            listed, watched = cells.ladder(self.people, POSTS, self.quick), cells.watching()
            # All that a server uses is for the requests it was sent.
            self.servers = {
                seat: stack.enter_context(serving(server, self.database))
                for seat, server in {c.seat: c.server for c in [*listed, *watched]}.items()
            }
            rows = [self.row(cell) for cell in listed]
            watching = [self.row(cell) for cell in watched]
            self.take_turns(listed, rows)
            self.load_each(listed, rows)
            self.watch(watched, watching)
            self.count_queries(listed, rows)
            grouped = self.grouped()
        return {"rows": [*rows, *grouped], "watching": watching}

    def row(self, cell: Cell) -> dict[str, Any]:
        """What is known of a cell after one request, which warms up and must be answered well."""
        request = self.requests(cell, 1)[0]
        status, _, body = self.servers[cell.seat].fetch(request)
        check(request, status, body)
        if cell.operation == "list again" and status != 304:
            raise RuntimeError(f"{request.path} is sent again to whoever has it: {status}")
        place = {"database": self.engine.name, **cell.place}
        return {**place, "bytes": len(body), "queries": None, "rounds": [], "loads": []}

    def requests(self, cell: Cell, number: int) -> list[Request]:
        """What to send now: at least so many different ones to delete; an ETag of what is there
        since other cells have written."""
        if cell.operation == "delete":
            return self.deletions(cell, number)
        if cell.operation == "list again":
            answered = self.servers[cell.seat].fetch(cell.requests[0])[1]
            return [cells.again(one, answered) for one in cell.requests]
        return cell.requests

    def deletions(self, cell: Cell, number: int) -> list[Request]:
        if len(self.pool) < number:
            first = int(inside.response(self.database, "posts", cells.STOCK))
            self.pool += range(first, first + cells.STOCK)
        taken, self.pool = self.pool[:number], self.pool[number:]
        return [ask(cell.target, "delete", self.people["writer"], id) for id in taken]

    def take_turns(self, listed: list[Cell], rows: list[dict[str, Any]]) -> None:
        """CPU of each cell beside the others of its operation: what is compared is measured in
        the same seconds."""
        pairs = list(zip(listed, rows, strict=True))
        for round in range(1, self.rounds + 1):
            say(f"{self.engine.name}: {len(listed)} cells in turn, round {round} of {self.rounds}")
            for _, group in groupby(pairs, lambda pair: pair[0].compared):
                found = list(group)
                sent = [self.requests(cell, TURNS) for cell, _ in found]
                used = self.cpu_in_turn([cell for cell, _ in found], sent, TURNS)
                for (_, row), cpu_us in zip(found, used, strict=True):
                    row["rounds"].append({"cpu_us": cpu_us})

    def cpu_in_turn(
        self,
        asked: list[Cell],
        sent: list[list[Request]],
        times: int,
        turn: int = TURN,
        connections: int = CONNECTIONS,
        rest: float = 0.0,
    ) -> list[float]:
        """Microseconds a request of each cell, of all processes of its server; what is done in
        the seconds of `rest` afterwards counts, too."""
        servers = [self.servers[cell.seat] for cell in asked]
        before = [cpu_seconds(server.pid) for server in servers]
        ports = [server.port for server in servers]
        in_turn(list(zip(ports, sent, strict=True)), times, turn, connections)
        time.sleep(rest)
        after = [cpu_seconds(server.pid) for server in servers]
        return [(b - a) / times * 1e6 for a, b in zip(before, after, strict=True)]

    def load_each(self, listed: list[Cell], rows: list[dict[str, Any]]) -> None:
        for number in range(1, LOADS + 1):
            say(f"{self.engine.name}: {len(listed)} cells under load, {number} of {LOADS}")
            for cell, row in zip(listed, rows, strict=True):
                row["loads"].append(self.load(cell))

    def load(self, cell: Cell) -> dict[str, float]:
        """A second of as much as the server can take."""
        server, sent = self.servers[cell.seat], self.requests(cell, cells.POOL)
        before = cpu_seconds(server.pid)
        measured = load(server.port, sent, seconds=1, connections=CONNECTIONS)
        used = cpu_seconds(server.pid) - before
        return {
            "cpu_us": used / max(1, measured["requests"]) * 1e6,
            "p50_ms": measured["p50_ms"],
            "p99_ms": measured["p99_ms"],
            "requests_s": measured["requests"] / measured["seconds"],
            "errors": measured["errors"],
        }

    def watch(self, watched: list[Cell], watching: list[dict[str, Any]]) -> None:
        """P8, with the writing of the request log."""
        say(f"{self.engine.name}: what watches and guards a request")
        sent = [cell.requests for cell in watched]
        for _ in range(self.rounds if self.quick else WATCHES):
            used = self.cpu_in_turn(watched, sent, WATCHED, WATCH_TURN, connections=1, rest=REST)
            for row, cpu_us in zip(watching, used, strict=True):
                row["rounds"].append({"cpu_us": cpu_us})

    def count_queries(self, listed: list[Cell], rows: list[dict[str, Any]]) -> None:
        ours = [(cell, row) for cell, row in zip(listed, rows, strict=True) if cell.is_ours]
        sent = [self.requests(cell, 1)[0] for cell, _ in ours]
        counts = inside.response(self.database, "queries", cells.as_json(sent))
        for (_, row), number in zip(ours, counts, strict=True):
            row["queries"] = number

    def grouped(self) -> list[dict[str, Any]]:
        """The list that joins the likes and groups them: too slow for a load, so one at a time."""
        if "drf" not in self.servers:
            return []
        server, found = self.servers["drf"], []
        for _ in range(2):
            before, started = cpu_seconds(server.pid), time.monotonic()
            _, _, body = server.fetch(Request("GET", "/grouped/"), timeout=300)
            milliseconds = (time.monotonic() - started) * 1000
            cpu = (cpu_seconds(server.pid) - before) * 1e6
            times = {"p50_ms": milliseconds, "p99_ms": milliseconds}
            found.append({"cpu_us": cpu, **times, "requests_s": 1000 / milliseconds, "errors": 0})
        row = {"database": self.engine.name, "target": "grouped", "operation": "list"}
        told = {"who": "anonymous", "bytes": len(body), "queries": None}
        return [{**row, **told, "rounds": found, "loads": found}]
