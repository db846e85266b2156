"""The filled databases: on a PostgreSQL that runs here or is started, and on SQLite.

Each is filled once, and kept until the fill or a migration changes. What is measured with writes
runs on a copy.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

from bench import fill
from bench.servers import ROOT, environment
from tests.postgres import VARIABLE, find_programs, is_running, throw_away_server
from ublog.conf.service_urls import POSTGRESQL

CACHE = ROOT / ".cache" / "bench"
PREFIX = os.environ.get("UBLOG_BENCH_PREFIX", "ublog_bench")  # of PostgreSQL's databases


class Sqlite:
    name = "sqlite"

    def __init__(self) -> None:
        self.directory = CACHE / "sqlite"
        self.directory.mkdir(parents=True, exist_ok=True)

    def path(self, database: str) -> Path:
        return self.directory / f"{database}.sqlite3"

    def url(self, database: str) -> str:
        return f"sqlite:///{self.path(database)}"

    def names(self) -> list[str]:
        return [path.stem for path in self.directory.glob("*.sqlite3")]

    def create(self, database: str) -> None:
        """Do nothing: SQLite creates the file when it is first used."""

    def rename(self, old: str, new: str) -> None:
        self.path(old).rename(self.path(new))

    def copy(self, old: str, new: str) -> None:
        shutil.copy(self.path(old), self.path(new))

    def drop(self, database: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(f"{self.path(database)}{suffix}").unlink(missing_ok=True)


class Postgresql:
    name = "postgresql"

    def __init__(self, server: str) -> None:
        self.server = server

    def url(self, database: str) -> str:
        """Return the URL. It has the product's planner settings, for all servers alike."""
        return f"{self.server}/{database}?options={quote(POSTGRESQL['options'])}"

    def run(self, statement: str) -> list[tuple[str, ...]]:
        with psycopg.connect(f"{self.server}/postgres", autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def names(self) -> list[str]:
        return [row[0] for row in self.run("SELECT datname FROM pg_database")]

    def create(self, database: str) -> None:
        self.run(f'CREATE DATABASE "{database}"')

    def rename(self, old: str, new: str) -> None:
        self.run(f'ALTER DATABASE "{old}" RENAME TO "{new}"')

    def copy(self, old: str, new: str) -> None:
        self.run(f'CREATE DATABASE "{new}" TEMPLATE "{old}"')

    def drop(self, database: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')


Engine = Sqlite | Postgresql


@contextmanager
def postgresql() -> Iterator[Postgresql | None]:
    """Yield the server in UBLOG_TEST_POSTGRES_URL, or one that runs here; else start one.

    The latter is deleted afterwards, so it is filled each time. Yield None if PostgreSQL is not
    installed.
    """
    running = "postgresql://postgres@127.0.0.1:5432"
    if configured := os.environ.get(VARIABLE):
        yield Postgresql(configured.rpartition("/")[0])
    elif is_running(running):
        yield Postgresql(running)
    elif programs := find_programs():
        with throw_away_server(programs) as server:
            yield Postgresql(server)
    else:
        print("bench: PostgreSQL is NOT measured: none runs or is installed here", flush=True)
        yield None


@contextmanager
def engines() -> Iterator[list[Engine]]:
    """Yield the engines that can be measured here."""
    with postgresql() as server:
        yield [engine for engine in (server, Sqlite()) if engine]


def filled(engine: Engine, posts: int, checkout: Path = ROOT) -> str:
    """Return the name of the database with that many posts; fill it unless it exists.

    A database for another checkout is filled by its own code.
    """
    prefix = f"{PREFIX}_{posts}" if checkout == ROOT else f"{PREFIX}_before_{posts}"
    name = f"{prefix}_{fill.version(checkout)}"
    present = engine.names()
    if name in present:
        return name
    for old in present:
        if old.startswith(f"{prefix}_"):
            engine.drop(old)
    started, half = time.monotonic(), f"{prefix}_half"
    print(f"bench: filling {engine.name} with {posts:,} posts … ", end="", flush=True)
    engine.create(half)
    command = [sys.executable, "-m", "bench.fill", str(posts)]
    subprocess.run(command, cwd=checkout, env=environment(engine.url(half)), check=True)
    engine.rename(half, name)
    print(f"{time.monotonic() - started:.0f} s", flush=True)
    return name


@contextmanager
def copied(engine: Engine, posts: int, checkout: Path = ROOT) -> Iterator[str]:
    """Yield the URL of a copy that may be written to. Drop it afterwards."""
    name = filled(engine, posts, checkout)
    copy = name.replace(f"_{posts}_", f"_{posts}_copy_")
    engine.drop(copy)
    engine.copy(name, copy)
    try:
        yield engine.url(copy)
    finally:
        engine.drop(copy)
