"""Measure μblog: `python -m bench [run|quick|profile|report]`. See bench/README.md."""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from bench import cells, databases, five_ways, plots, product, report
from bench.cells import Cell
from bench.load import find_wrk, in_turn, load
from bench.measure import cpu_seconds
from bench.requests import Person, Request, ask
from bench.servers import ROOT, Server, environment, serving

RESULTS = ROOT / "bench" / "results"
PROFILE = RESULTS / "profile.json"
CONNECTIONS = 4  # as many as the web process has threads
# P8 is a small difference, so each round has some measurements of it, each of so many requests.
WATCHES = 2
WATCHED = 2_000
BATCH = 50  # requests before the next server has its turn
REST = 1.3  # seconds after which the request log has been written, too
LADDER = 100_000  # posts
SIZES = (1_000, 1_000_000)  # compared for flatness
began = time.monotonic()


def say(line: str) -> None:
    minutes, seconds = divmod(int(time.monotonic() - began), 60)
    print(f"bench {minutes:2}:{seconds:02}  {line}", flush=True)


def inside(database: str, what: str, given: Any = None) -> Any:
    """What `bench.inside` answers."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.inside", what],
        cwd=ROOT,
        env=environment(database),
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def sign_in(database: str) -> tuple[dict[str, Person], str | None]:
    told = inside(database, "people")
    people = [Person(**one) for one in told["people"]]
    return {person.name: person for person in people}, told["cursor"]


class Ladder:
    """Every cell of one database, measured in turn, round by round."""

    def __init__(self, engine: databases.Engine, quick: bool, rounds: int) -> None:
        self.engine, self.quick, self.rounds = engine, quick, rounds
        self.pool: list[int] = []

    def run(self) -> dict[str, list[dict[str, Any]]]:
        """The `rows` of the cells, and what `watching` costs."""
        with ExitStack() as stack:
            self.database = stack.enter_context(databases.copied(self.engine, LADDER))
            self.people, _ = sign_in(self.database)
            listed = cells.ladder(self.people, LADDER, self.quick)
            watched = cells.watching()
            names = sorted({cell.server for cell in [*listed, *watched]})
            self.servers = {
                name: stack.enter_context(serving(name, self.database)) for name in names
            }
            listed = self.conditional(listed)
            rows = [self.row(cell, self.prove(cell)) for cell in listed]
            watching = [self.row(cell, self.prove(cell)) for cell in watched]
            for round in range(1, self.rounds + 1):
                say(f"{self.engine.name}: {len(listed)} cells, round {round} of {self.rounds}")
                for cell, row in zip(listed, rows, strict=True):
                    row["rounds"].append(self.measure(cell))
                for _ in range(WATCHES):
                    self.watch(watched, watching)
            self.count_queries(listed, rows)
            grouped = self.grouped()
        return {"rows": [*rows, *grouped], "watching": watching}

    def conditional(self, listed: list[Cell]) -> list[Cell]:
        """The cells; after each page that offers an ETag, the page asked for again with it."""
        found = []
        for cell in listed:
            found.append(cell)
            if cells.is_public_page(cell):
                answered = self.servers[cell.server].fetch(cell.requests[0])[1]
                found += [cells.again(cell, answered)] if "etag" in answered else []
        return found

    def prove(self, cell: Cell) -> int:
        """One request, which warms up and must be answered well. The bytes of its answer."""
        deleting = cell.operation == "delete"
        request = self.through(cell, self.deletions(1)[0]) if deleting else cell.requests[0]
        status, _, body = self.servers[cell.server].fetch(request)
        if status >= 400 or b'"errors":[{' in body:
            raise RuntimeError(f"{cell.name} on {self.engine.name}: {status} {body[:300]!r}")
        return len(body)

    def row(self, cell: Cell, size: int) -> dict[str, Any]:
        return {
            "database": self.engine.name,
            **cell.place,
            "bytes": size,
            "queries": None,
            "rounds": [],
        }

    def watch(self, cells: list[Cell], rows: list[dict[str, Any]]) -> None:
        """One measurement of each cell: `cpu_us`, with what is done in the second afterwards."""
        servers = [self.servers[cell.server] for cell in cells]
        before = [cpu_seconds(server.pid) for server in servers]
        asked = [
            (server.port, cell.requests[0]) for server, cell in zip(servers, cells, strict=True)
        ]
        in_turn(asked, WATCHED, BATCH)
        time.sleep(REST)
        for server, used, row in zip(servers, before, rows, strict=True):
            cpu_us = (cpu_seconds(server.pid) - used) / WATCHED * 1e6
            row["rounds"].append({"cpu_us": cpu_us})

    def measure(self, cell: Cell) -> dict[str, float]:
        """One round of a cell; `cpu_us` is microseconds a request, of all its processes."""
        server, sent = self.servers[cell.server], cell.requests
        if cell.operation == "delete":
            sent = [self.through(cell, one) for one in self.deletions(cells.POOL)]
        if cell.operation == "list again":  # other cells have written since
            sent = cells.again(cell, server.fetch(sent[0])[1]).requests
        before = cpu_seconds(server.pid)
        measured = load(server.port, sent, seconds=1, connections=CONNECTIONS)
        used = cpu_seconds(server.pid) - before
        answered = max(1, measured["requests"])
        return {
            "cpu_us": used / answered * 1e6,
            "p50_ms": measured["p50_ms"],
            "p99_ms": measured["p99_ms"],
            "requests_s": measured["requests"] / measured["seconds"],
            "errors": measured["errors"],
        }

    def deletions(self, number: int) -> list[Request]:
        """As many posts of the writer's to delete; named by REST's requests."""
        if len(self.pool) < number:
            first = int(inside(self.database, "posts", cells.STOCK))
            self.pool += range(first, first + cells.STOCK)
        taken, self.pool = self.pool[:number], self.pool[number:]
        return [ask("rest-viewset", "delete", self.people["writer"], id) for id in taken]

    def through(self, cell: Cell, request: Request) -> Request:
        """The same deletion through the cell's door."""
        id = int(request.path.strip("/").rpartition("/")[2])
        return ask(cell.target, "delete", self.people["writer"], id)

    def count_queries(self, listed: list[Cell], rows: list[dict[str, Any]]) -> None:
        ours = [i for i, cell in enumerate(listed) if cell.server == "ublog"]
        sent = []
        for i in ours:
            cell = listed[i]
            deleting = cell.operation == "delete"
            one = self.through(cell, self.deletions(1)[0]) if deleting else cell.requests[0]
            sent.append(one)
        counts = inside(self.database, "queries", cells.as_json(sent))
        for i, number in zip(ours, counts, strict=True):
            rows[i]["queries"] = number

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
            found.append(
                {"cpu_us": cpu, "p50_ms": milliseconds, "p99_ms": milliseconds}
                | {"requests_s": 1000 / milliseconds, "errors": 0}
            )
        row = {"database": self.engine.name, "target": "grouped", "operation": "list"}
        return [{**row, "who": "anonymous", "bytes": len(body), "queries": None, "rounds": found}]


def flatness(engine: databases.Engine, rounds: int) -> dict[str, list[dict[str, Any]]]:
    """P6: p50 of each read, one connection, a small and a large database side by side."""
    with ExitStack() as stack:
        measured: dict[int, dict[str, Cell]] = {}
        servers: dict[int, Server] = {}
        for posts in SIZES:
            database = engine.url(databases.filled(engine, posts))
            people, cursor = sign_in(database)
            measured[posts] = cells.flatness(people, posts, cursor if posts == SIZES[1] else None)
            servers[posts] = stack.enter_context(serving("ublog", database))
        rows = [
            {"database": engine.name, "what": what, "posts": posts, "p50_ms": []}
            for what in measured[SIZES[1]]
            for posts in SIZES
            if what in measured[posts]
        ]
        for round in range(rounds + 1):  # the first one warms up
            say(f"{engine.name}: flatness, round {round} of {rounds}")
            for row in rows:
                sent = measured[row["posts"]][row["what"]].requests
                answer = load(servers[row["posts"]].port, sent, seconds=1, connections=1)
                if answer["errors"]:
                    raise RuntimeError(f"{row['what']}: {answer['errors']} errors")
                if round:
                    row["p50_ms"].append(answer["p50_ms"])
    return {"flatness": rows}


def profiled() -> dict[str, Any]:
    """Where the CPU of each operation goes, door by door, on both databases."""
    rows: list[dict[str, Any]] = []
    with databases.engines() as engines:
        for engine in engines:
            say(f"{engine.name}: where the CPU goes")
            with databases.copied(engine, LADDER) as database:
                listed = cells.profiled(sign_in(database)[0], LADDER)
                sent = cells.as_json([cell.requests[0] for cell in listed])
                for cell, found in zip(listed, inside(database, "profile", sent), strict=True):
                    rows.append({"database": engine.name, **cell.place, **found})
    return {"machine": machine(), "rows": rows}


def machine() -> dict[str, Any]:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    packages = ("django", "djangorestframework", "graphene-django", "gunicorn", "psycopg", "orjson")
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True
    )
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "cpu": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def postgresql_version(engine: databases.Engine) -> str:
    with psycopg.connect(engine.url("postgres")) as connection:
        return str(connection.info.parameter_status("server_version"))


def attempt(name: str, measure: Callable[[], Any]) -> Any:
    """What it measures; a failure is told and kept, and the others go on."""
    say(name)
    try:
        return measure()
    except Exception as failure:
        say(f"{name}: FAILED, {type(failure).__name__}: {failure}")
        return {"failed": f"{type(failure).__name__}: {failure}"[:500]}


def run(quick: bool, rounds: int, seconds: int) -> dict[str, Any]:
    """Everything, in order; the results."""
    results: dict[str, Any] = {"machine": machine(), "quick": quick}
    results |= {"rows": [], "watching": [], "flatness": [], "failures": {}}
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env=environment(f"sqlite:///{databases.CACHE}/prepare.sqlite3"),
        check=True,
    )
    with databases.engines() as engines:
        for engine in engines:
            if isinstance(engine, databases.Postgresql):
                results["machine"]["postgresql"] = postgresql_version(engine)
            found = attempt(f"{engine.name}: the ladder", Ladder(engine, quick, rounds).run)
            keep(results, f"ladder on {engine.name}", found)
            if not quick:
                found = attempt(f"{engine.name}: flatness", lambda e=engine: flatness(e, rounds))
                keep(results, f"flatness on {engine.name}", found)
    results["start"] = attempt("start and idle memory", product.start_and_memory)
    results["pictures"] = attempt("a picture of 12 megapixels", product.pictures)
    if not quick:
        results["first_post"] = attempt("a fresh clone to its first post", product.from_nothing)
    results["mixed"] = attempt(f"mixed load, {seconds} s", lambda: mixed(seconds))
    return report.summarised(results)


def keep(results: dict[str, Any], name: str, found: dict[str, Any]) -> None:
    if "failed" in found:
        results["failures"][name] = found["failed"]
    else:
        for part, rows in found.items():
            results[part] += rows


def mixed(seconds: int) -> dict[str, Any]:
    sqlite = databases.Sqlite()
    with databases.copied(sqlite, LADDER) as url:
        people, _ = sign_in(url)
        path = Path(url.removeprefix("sqlite:///"))
        return product.mixed(path, people, LADDER, seconds)


def write(path: Path, results: dict[str, Any]) -> None:
    path.write_text(json.dumps(results, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    choices = ["run", "quick", "profile", "report"]
    parser.add_argument("what", nargs="?", default="run", choices=choices)
    parser.add_argument("--rounds", type=int, help="of each cell (5; quick: 2)")
    parser.add_argument("--mixed", type=int, help="seconds of mixed load (300; quick: 30)")
    options = parser.parse_args()
    quick = options.what == "quick"
    path = RESULTS / ("quick.json" if quick else "latest.json")
    RESULTS.mkdir(exist_ok=True)
    if options.what in ("run", "quick"):
        find_wrk()
        rounds = options.rounds or (2 if quick else 5)
        write(path, run(quick, rounds, options.mixed or (30 if quick else 300)))
    if options.what in ("run", "profile"):
        write(PROFILE, profiled())
    results = json.loads(path.read_text())
    text = report.text(results, json.loads(PROFILE.read_text()))
    print(text)
    if not quick:
        (RESULTS / "report.md").write_text(text)
        plots.draw(results)
        five_ways.write()
    say(f"kept in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
