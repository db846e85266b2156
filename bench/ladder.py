"""P1 to P5: every operation through every interface, the bare server, the peers, a build before."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import groupby
from typing import Any

from bench import cells, databases, inside
from bench.cells import Cell
from bench.load import alternate, load
from bench.measure import cpu_seconds
from bench.progress import say
from bench.requests import Request, ask, check
from bench.servers import BEFORE, ROOT, serving

POSTS = 100_000
CONNECTIONS = 4  # as many as the web process has threads
TURN = 20  # requests before the next server
TURNS = 120  # requests of a cell in a round
LOADS = 1  # seconds of load on each cell alone
# P8 is a small difference of large figures: more requests, one at a time.
WATCHES = 6
WATCHED = 1_500
WATCH_TURN = 50
REST = 1.3  # seconds after which the request log has been written, too


class Ladder:
    """Measures the cells alternating, round by round; then each alone, under load."""

    def __init__(
        self, engine: databases.Engine, quick: bool, rounds: int, only: list[str] | None = None
    ) -> None:
        self.engine, self.quick, self.rounds, self.only = engine, quick, rounds, only
        # By whether it is that of the build before: its database, and posts to delete there.
        self.databases: dict[bool, str] = {}
        self.pools: dict[bool, list[int]] = {False: [], True: []}

    def run(self) -> dict[str, list[dict[str, Any]]]:
        """Return the `rows` of the cells, and those of `watching` (P8)."""
        with ExitStack() as stack:
            listed = self.cells(stack)
            with self.serve(listed):
                rows = [self.row(cell) for cell in listed]
                self.take_turns(listed, rows)
                self.load_each(listed, rows)
                pairs = zip(listed, rows, strict=True)
                ours = [(self.requests(cell, 1)[0], row) for cell, row in pairs if cell.is_ours]
                rows += self.grouped()
            self.count_queries(ours)
            watching = [] if self.only else self.watch(cells.watching())
        return {"rows": rows, "watching": watching}

    @contextmanager
    def serve(self, listed: list[Cell]) -> Iterator[None]:
        """Run one server for each seat, so that its CPU is that of its requests.

        Each holds four connections to the database, of the hundred that PostgreSQL accepts.
        """
        with ExitStack() as stack:
            self.servers = {
                seat: stack.enter_context(serving(server, self.databases[server == "before"]))
                for seat, server in {cell.seat: cell.server for cell in listed}.items()
            }
            yield

    def cells(self, stack: ExitStack) -> list[Cell]:
        """Return the cells, those of one operation in a row, on copies of the databases."""
        self.databases[False] = stack.enter_context(databases.copied(self.engine, POSTS))
        people = inside.log_in(self.databases[False])
        self.people = {False: people[0]}
        listed = cells.ladder(*people, POSTS, self.quick)
        if BEFORE:
            database = stack.enter_context(databases.copied(self.engine, POSTS, BEFORE))
            self.databases[True] = database
            self.people[True], _ = inside.log_in(database, BEFORE)
            listed += cells.before(self.people[True])
        order = list(dict.fromkeys(cell.compared for cell in listed))
        listed.sort(key=lambda cell: order.index(cell.compared))
        return [cell for cell in listed if not self.only or cell.compared[0] in self.only]

    def row(self, cell: Cell) -> dict[str, Any]:
        """Send the first request of a cell, which must succeed. Return the row for its results."""
        request = self.requests(cell, 1)[0]
        status, _, body = self.servers[cell.seat].fetch(request)
        check(request, status, body)
        if cell.operation.endswith(" again") and status != 304:
            raise RuntimeError(f"{request.path} is not a 304 with its ETag: {status}")
        place = {"database": self.engine.name, **cell.place}
        return {**place, "bytes": len(body), "queries": None, "rounds": [], "loads": []}

    def requests(self, cell: Cell, number: int) -> list[Request]:
        """Return the requests of a cell: at least `number` posts to delete, or current ETags."""
        if cell.operation == "delete":
            return self.deletions(cell, number)
        if cell.operation.endswith(" again"):
            received = self.servers[cell.seat].fetch(cell.requests[0])[1]
            return [cells.again(one, received) for one in cell.requests]
        return cell.requests

    def deletions(self, cell: Cell, number: int) -> list[Request]:
        is_before = cell.server == "before"
        pool, checkout = self.pools[is_before], BEFORE if is_before and BEFORE else ROOT
        if len(pool) < number:
            first = int(inside.call(self.databases[is_before], "posts", cells.STOCK, checkout))
            pool += range(first, first + cells.STOCK)
        taken, self.pools[is_before] = pool[:number], pool[number:]
        target = "rest-functions" if is_before else cell.target
        return [ask(target, "delete", self.people[is_before]["writer"], id) for id in taken]

    def take_turns(self, listed: list[Cell], rows: list[dict[str, Any]]) -> None:
        """Measure the CPU of the cells by operation: what is compared is measured together."""
        pairs = list(zip(listed, rows, strict=True))
        for round in range(1, self.rounds + 1):
            say(f"{self.engine.name}: {len(listed)} cells, round {round} of {self.rounds}")
            for _, group in groupby(pairs, lambda pair: pair[0].compared):
                found = list(group)
                sent = [self.requests(cell, TURNS) for cell, _ in found]
                used = self.cpu_alternating([cell for cell, _ in found], sent, TURNS)
                for (_, row), cpu_us in zip(found, used, strict=True):
                    row["rounds"].append({"cpu_us": cpu_us})

    def cpu_alternating(
        self,
        asked: list[Cell],
        sent: list[list[Request]],
        times: int,
        turn: int = TURN,
        connections: int = CONNECTIONS,
        rest: float = 0.0,
    ) -> list[float]:
        """Return the CPU of each cell in microseconds a request, of all processes of its server.

        Work in the `rest` seconds afterwards counts, too.
        """
        servers = [self.servers[cell.seat] for cell in asked]
        before = [cpu_seconds(server.pid) for server in servers]
        ports = [server.port for server in servers]
        alternate(list(zip(ports, sent, strict=True)), times, turn, connections)
        time.sleep(rest)
        after = [cpu_seconds(server.pid) for server in servers]
        return [(b - a) / times * 1e6 for a, b in zip(before, after, strict=True)]

    def load_each(self, listed: list[Cell], rows: list[dict[str, Any]]) -> None:
        for number in range(1, LOADS + 1):
            say(f"{self.engine.name}: {len(listed)} cells under load, {number} of {LOADS}")
            for cell, row in zip(listed, rows, strict=True):
                row["loads"].append(self.load(cell))

    def load(self, cell: Cell) -> dict[str, float]:
        """Load a cell alone for a second, as much as its server can take."""
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

    def watch(self, watched: list[Cell]) -> list[dict[str, Any]]:
        """Measure P8, including the writing of the request log. Return its rows."""
        say(f"{self.engine.name}: request log, headers, limits and timing")
        sent = [cell.requests for cell in watched]
        with self.serve(watched):
            rows = [self.row(cell) for cell in watched]
            for _ in range(self.rounds if self.quick else WATCHES):
                used = self.cpu_alternating(
                    watched, sent, WATCHED, WATCH_TURN, connections=1, rest=REST
                )
                for row, cpu_us in zip(rows, used, strict=True):
                    row["rounds"].append({"cpu_us": cpu_us})
        return rows

    def count_queries(self, ours: list[tuple[Request, dict[str, Any]]]) -> None:
        """Store in the row of each request how many queries it makes."""
        sent = cells.as_json([request for request, _ in ours])
        counts = inside.call(self.databases[False], "queries", sent)
        for (_, row), number in zip(ours, counts, strict=True):
            row["queries"] = number

    def grouped(self) -> list[dict[str, Any]]:
        """Measure the list that joins and groups the likes: too slow for load, so one at a time."""
        if self.only or "drf" not in self.servers:
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
        rest = {"who": "anonymous", "bytes": len(body), "queries": None}
        return [{**row, **rest, "rounds": found, "loads": found}]
