"""Run a command that finds a PostgreSQL in UBLOG_TEST_POSTGRES_URL.

    python -m tests.postgres python -m pytest

Uses the server in that variable if it is set; else one that runs here and accepts the user
`postgres`; else starts one and deletes it afterwards. If PostgreSQL is not installed, prints so
and does nothing; in CI that is a failure.
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
    """Run the command. Return its exit status."""
    with server() as address:
        if address:
            print(f"== Tests on PostgreSQL ({address})", flush=True)
            return subprocess.run(command, env={**os.environ, VARIABLE: address}).returncode
    print("== PostgreSQL was NOT tested: none runs or is installed here, and no", VARIABLE)
    return 1 if os.environ.get("CI") else 0


@contextmanager
def server() -> Iterator[str]:
    """Yield the URL of a PostgreSQL, or an empty string without one.

    Several people may test on one server, so the database has a name of its own.
    """
    database = f"ublog_{os.getpid()}"
    running = "postgresql://postgres@127.0.0.1:5432"
    if given := os.environ.get(VARIABLE):
        yield given
    elif is_running(running):
        yield f"{running}/{database}"
    elif programs := find_programs():
        with throw_away_server(programs) as address:
            yield f"{address}/{database}"
    else:
        yield ""


def can_be_had() -> bool:
    """Return True where `server` has one to offer."""
    running = "postgresql://postgres@127.0.0.1:5432"
    return bool(os.environ.get(VARIABLE) or is_running(running) or find_programs())


def is_running(address: str) -> bool:
    try:
        psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def find_programs() -> Path | None:
    """Return the directory of initdb and postgres. Debian has one a version, none in PATH."""
    found = [Path(path).parent for path in [shutil.which("initdb")] if path]
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    places = [*found, *debian[::-1]]
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def throw_away_server(programs: Path) -> Iterator[str]:
    """Start a server that listens only on a Unix socket in a temporary directory."""
    with tempfile.TemporaryDirectory(prefix="ublog-postgres-") as directory:
        server = Server(programs, directory, ["-c", "listen_addresses=", "-c", "fsync=off"])
        server.start()
        try:
            yield server.address
        finally:
            server.stop()


class Server:
    """A PostgreSQL in an empty directory, which can be stopped and started again.

    `options` are those of `postgres`. A `prefix` is a command that runs it elsewhere, such as in
    a container, as a user other than root.
    """

    def __init__(
        self, programs: Path, directory: str, options: Sequence[str], prefix: Sequence[str] = ()
    ) -> None:
        self.silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": directory}
        self.user = server_user()
        if self.user:
            shutil.chown(directory, self.user)
        data = f"{directory}/data"
        make = ["initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
        make = [programs / make[0], *make[1:], "--locale", LOCALE]
        subprocess.run(make, check=True, user=self.user, **self.silent)
        self.prefix = prefix
        self.command = [*prefix, programs / "postgres", "-D", data, "-k", directory, *options]
        self.address = f"postgresql://postgres@{quote(directory, safe='')}"

    def start(self) -> None:
        user = None if self.prefix else self.user
        self.process = subprocess.Popen(self.command, user=user, process_group=0, **self.silent)
        end = time.monotonic() + 30
        while not is_running(self.address):
            if self.process.poll() is not None or time.monotonic() > end:
                sys.exit("The throw-away PostgreSQL does not start")
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)  # a fast shutdown: does not wait for clients
        self.process.wait()


def server_user() -> str | None:
    """Return the user to run as: PostgreSQL does not run as root."""
    return None if os.getuid() else "nobody"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
