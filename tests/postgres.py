"""Run a command that finds a PostgreSQL in UBLOG_TEST_POSTGRES_URL.

    python -m tests.postgres python -m pytest

Takes the server that the variable names already; else the one that runs here and lets in the
user `postgres`; else starts one that is thrown away afterwards. Where there is none to start,
says so and does nothing, which is a failure in CI.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

VARIABLE = "UBLOG_TEST_POSTGRES_URL"
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"


def main(command: list[str]) -> int:
    """The exit status of the command."""
    with server() as address:
        if address:
            print(f"== Tests on PostgreSQL ({address})", flush=True)
            return subprocess.run(command, env={**os.environ, VARIABLE: address}).returncode
    print("== PostgreSQL was NOT tested: none runs or is installed here, and no", VARIABLE)
    return 1 if os.environ.get("CI") else 0


@contextmanager
def server() -> Iterator[str]:
    """Where a PostgreSQL is; empty when there is none. The database's name is ours alone, since
    several people, or sessions, may test on one server."""
    database = f"ublog_{os.getpid()}"
    running = "postgresql://postgres@127.0.0.1:5432"
    if given := os.environ.get(VARIABLE):
        yield given
    elif answers(running):
        yield f"{running}/{database}"
    elif programs := find_programs():
        with throw_away_server(programs) as address:
            yield f"{address}/{database}"
    else:
        yield ""


def can_be_had() -> bool:
    """Return True where `server` has one to offer."""
    running = "postgresql://postgres@127.0.0.1:5432"
    return bool(os.environ.get(VARIABLE) or answers(running) or find_programs())


def answers(address: str) -> bool:
    try:
        psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def find_programs() -> Path | None:
    """The folder of initdb and postgres: Debian has one for each version, none in PATH."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next(
        (folder for folder in [*found, *debian[::-1]] if (folder / "initdb").exists()), None
    )


@contextmanager
def throw_away_server(programs: Path) -> Iterator[str]:
    """A server that only a Unix socket in a temporary folder leads to."""
    with tempfile.TemporaryDirectory(prefix="ublog-postgres-") as folder:
        server = Server(programs, folder, ["-c", "listen_addresses=", "-c", "fsync=off"])
        server.start()
        try:
            yield server.address
        finally:
            server.stop()


class Server:
    """A PostgreSQL of our own in an empty folder, which can be stopped and started again.

    `options` are those of `postgres`; a `prefix` is a command that runs it somewhere else, and as
    a user who may.
    """

    def __init__(
        self, programs: Path, folder: str, options: Sequence[str], prefix: Sequence[str] = ()
    ) -> None:
        self.silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        self.user = server_user()
        if self.user:
            shutil.chown(folder, self.user)
        data = f"{folder}/data"
        make = ["initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        make = [programs / make[0], *make[1:], "--locale", LOCALE]
        subprocess.run(make, check=True, user=self.user, **self.silent)
        self.prefix = prefix
        self.command = [*prefix, programs / "postgres", "-D", data, "-k", folder, *options]
        self.address = f"postgresql://postgres@{quote(folder, safe='')}"

    def start(self) -> None:
        user = None if self.prefix else self.user
        self.process = subprocess.Popen(self.command, user=user, process_group=0, **self.silent)
        end = time.monotonic() + 30
        while not answers(self.address):
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit("The throw-away PostgreSQL does not start")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # a fast shutdown: does not wait for clients
        self.process.wait()


def server_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    return None if os.getuid() else "nobody"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
