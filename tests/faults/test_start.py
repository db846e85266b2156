"""Starting and stopping μblog, and starts that fail: with real processes."""

import errno
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from stat import S_IMODE

import psycopg
import pytest
from django.conf import settings

from ublog.run.startup import SECRETS, memory_directory, read_settings

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # seconds; a busy machine needs some


@pytest.fixture(scope="module")
def database() -> Iterator[dict[str, str]]:
    """Yield DATABASE_URL for a site on the kind of database that this run tests."""
    if not settings.DATABASE_URL.startswith("postgres"):
        yield {}
        return
    server = settings.DATABASE_URL.rpartition("/")[0]
    name = f"ublog_start_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield {"DATABASE_URL": f"{server}/{name}"}
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("sites") / "data"


def supervisor(data: Path, *options: str, **variables: str) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "UBLOG_DATA_DIR": str(data), **variables}
    return subprocess.Popen(
        [sys.executable, "-m", "ublog.run.supervisor", *options],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


class Site:
    """A running site on a free port. `shown` is what it printed in the terminal."""

    def __init__(self, data: Path, **variables: str) -> None:
        self.port = free_port()
        self.process = supervisor(data, "--port", str(self.port), **variables)
        self.shown = ""
        self.read_until("Ctrl-C")

    def read_until(self, text: str) -> None:
        for line in self.process.stdout:
            self.shown += line
            if text in line:
                return
        raise AssertionError(f"{text!r} never came:\n{self.shown}")

    def get(self, path: str) -> int:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request("GET", path)
            return connection.getresponse().status

    def processes(self) -> dict[int, str]:
        """Return all processes that the supervisor started: names by process id."""
        lines = ps("pid=,ppid=,comm=").splitlines()
        rows = [line.split(None, 2) for line in lines]
        family, found = {str(self.process.pid)}, {}
        for pid, parent, command in sorted(rows, key=lambda row: int(row[0])):
            if parent in family:
                family.add(pid)
                found[int(pid)] = command
        return found

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        self.shown += self.process.communicate(timeout=PATIENCE)[0]
        return self.process.returncode


@contextmanager
def running(data: Path, **variables: str) -> Iterator[Site]:
    site = Site(data, **variables)
    with site.process:
        try:
            yield site
        finally:
            if site.process.poll() is None:
                site.stop()


@pytest.fixture(scope="module")
def site(data, database) -> Iterator[Site]:
    with running(data, **database) as site:
        yield site


def ps(columns: str) -> str:
    return subprocess.run(["ps", "-A", "-ww", "-o", columns], capture_output=True, text=True).stdout


def alive(pid: int) -> bool:
    return re.search(rf"^ *{pid} [^Z]", ps("pid=,state="), re.MULTILINE) is not None


def eventually(happens) -> None:
    end = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < end, "It did not happen in time"
        time.sleep(0.05)


def test_a_new_site_responds_and_prints_its_url(site):
    assert f"μblog runs at http://127.0.0.1:{site.port}" in site.shown
    assert f"│  http://127.0.0.1:{site.port}/accounts/set-up/" in site.shown
    assert "make superuser" in site.shown
    assert site.get("/health/ready/") == 200


def test_the_files_of_a_site_are_readable_by_its_owner_only(site, data):
    modes = {path: S_IMODE(path.stat().st_mode) for path in [data, *data.rglob("*")]}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert "UBLOG_SECRET_KEY=" in (data / "secrets.env").read_text()


only_linux = pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a child of its parent's end, and names it"
)


@only_linux
@pytest.mark.parametrize("name", ["ublog-web", "ublog-worker"])
def test_a_killed_process_is_started_again(site, name):
    eventually(lambda: find(site, name))
    killed = find(site, name)
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: find(site, name) not in (None, killed))
    assert site.get("/health/live/") == 200


def find(site, name):
    """Return the process id of web or worker, the first of that name."""
    return next((pid for pid, found in site.processes().items() if found == name), None)


@only_linux
def test_a_process_has_nothing_of_the_supervisor(site):
    """Neither its pipes nor, but for the web process, the listener; and no signal is blocked."""
    eventually(lambda: find(site, "ublog-worker"))
    worker, web = find(site, "ublog-worker"), find(site, "ublog-web")
    held = open_files(site.process.pid)
    lock = next(target for target in held if "running.lock" in target)
    for pid in (worker, web):
        output = os.readlink(f"/proc/{pid}/fd/1")
        assert held & open_files(pid) - {os.devnull, output, lock} == listeners(held, pid == web)
        blocked = re.search(r"SigBlk:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())[1]
        assert int(blocked, 16) == 0
        assert os.getpgid(pid) == pid
        assert os.readlink(f"/proc/{pid}/fd/0") == os.devnull


def listeners(targets, listens) -> set[str]:
    return {target for target in targets if listens and "socket:" in target}


def open_files(pid) -> set[str]:
    return {os.readlink(path) for path in Path(f"/proc/{pid}/fd").iterdir()}


WITHOUT_BEAT = """
import celery.beat, runpy, sys
celery.beat.Service.start = lambda self: 1 / 0
sys.argv = ["ublog.run.worker", "--beat"]
runpy.run_module("ublog.run.worker", run_name="__main__")
"""


def test_a_worker_whose_beat_ends_ends_too(tmp_path):
    """The supervisor then starts both again."""
    keys = {name: f"a key of 32 bytes or more: {name}" for name in SECRETS}
    environment = {"PATH": os.environ["PATH"], "UBLOG_DATA_DIR": str(tmp_path), **keys}
    command = [sys.executable, "-c", WITHOUT_BEAT]
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=PATIENCE
    )
    assert b"ZeroDivisionError" in ended.stderr
    assert ended.returncode in (0, -signal.SIGTERM)


def test_a_second_start_prepares_nothing_and_ignores_stale_files(tmp_path, database):
    data = tmp_path / "data"
    with running(data, **database) as site:
        assert site.stop() == 0
    secrets = (data / "secrets.env").read_text()
    (data / "broker/queue/1_half-written.celery.msg").touch()
    (data / "broker/control/celery.exchange").touch()
    (data / "celerybeat.pid").write_text("1")
    with running(data, **database) as site:
        assert "Preparing" not in site.shown
        assert (data / "secrets.env").read_text() == secrets
        site.read_until("ready.")


def test_sigterm_stops_everything(tmp_path, database):
    with running(tmp_path / "data", **database) as site:
        started = site.processes()
        assert len(started) >= 2
        assert site.stop() == 0
        assert not [pid for pid in started if alive(pid)]


@only_linux
def test_all_processes_end_with_a_killed_supervisor(tmp_path, database):
    with running(tmp_path / "data", **database) as site:
        eventually(lambda: find(site, "ublog-worker"))
        started = site.processes()
        site.process.kill()
        eventually(lambda: not [pid for pid in started if alive(pid)])


def test_secrets_that_exist_are_never_replaced(tmp_path, monkeypatch):
    kept = f"# mine\nUBLOG_SECRET_KEY={'k' * 50}\nUBLOG_TOKEN_KEY=\n"
    (tmp_path / "secrets.env").write_text(kept)
    monkeypatch.setenv("UBLOG_SECRET_KEY", "")
    monkeypatch.delenv("UBLOG_TOKEN_KEY")
    given = read_settings(tmp_path)
    assert given["UBLOG_SECRET_KEY"] == "k" * 50
    assert len(given["UBLOG_TOKEN_KEY"]) >= 50
    assert read_settings(tmp_path) == given
    assert (
        (tmp_path / "secrets.env").read_text().startswith(f"# mine\nUBLOG_SECRET_KEY={'k' * 50}\n")
    )


def start_error(data: Path, *options: str, **variables: str) -> str:
    """Start a site that cannot start. Return what it prints: one line."""
    process = supervisor(data, "--port", str(free_port()), *options, **variables)
    output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 1, output
    assert output.count("\n") == 1, output
    return output


def test_the_doctor_finds_a_running_site_well(site, data, database):
    command = [sys.executable, "-m", "ublog.run.command", "--port", str(site.port), "doctor"]
    environment = {"PATH": os.environ["PATH"], "UBLOG_DATA_DIR": str(data), **database}
    outputs = []

    def well() -> bool:  # the first heartbeat of beat comes ten seconds after its start
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        outputs.append(ended.stdout + ended.stderr)
        return ended.returncode == 0

    eventually(well)
    assert "worker: ran a task" in outputs[-1]
    assert f"http://127.0.0.1:{site.port} responds" in outputs[-1]


def test_a_taken_port_is_a_start_error(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        output = start_error(tmp_path / "data", "--port", str(port))
    assert f"port {port} on 127.0.0.1 is taken" in output


def test_a_data_directory_in_use_is_a_start_error(site, data):
    assert "another μblog runs on the data directory" in start_error(data)


def test_a_data_directory_that_is_not_writable_is_a_start_error(tmp_path):
    (tmp_path / "file").touch()
    assert "cannot be written" in start_error(tmp_path / "file" / "data")


@pytest.mark.parametrize("name", ["media", "broker/queue", "broker/control"])
def test_a_directory_that_is_not_writable_is_a_start_error(tmp_path, name):
    (tmp_path / "data" / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "data" / name).touch()
    output = start_error(tmp_path / "data")
    assert f"the directory {tmp_path / 'data' / name} cannot be written" in output


@pytest.mark.parametrize("process", ["ublog.run.worker", "ublog.run.beat", "manage prepare"])
def test_each_process_checks_that_its_directories_are_writable(tmp_path, process):
    data = tmp_path / "data"
    (data / "broker").mkdir(parents=True)
    (data / "broker/queue").touch()
    keys = {"UBLOG_SECRET_KEY": "a key of 32 bytes or more, for tests"}
    keys["UBLOG_TOKEN_KEY"] = "another key of 32 bytes or more, for tests"
    environment = {"PATH": os.environ["PATH"], "UBLOG_DATA_DIR": str(data), **keys}
    command = ["-m", process] if "." in process else ["manage.py", "prepare"]
    ended = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    output = ended.stdout + ended.stderr
    assert (ended.returncode, output.count("\n")) == (1, 1), output
    assert f"the directory {data / 'broker/queue'} cannot be written" in output


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0 or not shutil.which("unshare"),
    reason="only root on Linux may mount a disk that cannot be written",
)
@pytest.mark.parametrize("place", ["/dev/shm", "data"])
def test_a_read_only_file_system(tmp_path, database, place):
    """Without a writable /dev/shm a site starts, without a writable data directory it does not."""
    data = tmp_path / "data"
    data.mkdir()
    script = 'mount -t tmpfs -o ro tmpfs "$1" && shift && exec "$@"'
    where = str(data) if place == "data" else place
    port = free_port()
    command = [sys.executable, "-m", "ublog.run.supervisor", "--port", str(port)]
    process = subprocess.Popen(
        ["unshare", "--mount", "sh", "-c", script, "sh", where, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "UBLOG_DATA_DIR": str(data), **database},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        output = process.stdout.readline()
        if place == "data":
            assert process.wait(PATIENCE) == 1
            assert "cannot be written: Read-only file system" in output
            assert process.stdout.read() == ""
            return
        while "μblog runs at" not in output:
            line = process.stdout.readline()
            assert line, output
            output += line
        process.terminate()
        output += process.stdout.read()
        assert process.wait(PATIENCE) == 0
        assert "Traceback" not in output


def test_no_writable_temporary_directory_is_a_start_error(monkeypatch, tmp_path):
    def full(dir=None):
        raise OSError(errno.ENOSPC, "No space left on device")

    assert memory_directory(str(tmp_path)) == str(tmp_path)
    assert memory_directory(str(tmp_path / "missing")) == tempfile.gettempdir()
    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(SystemExit, match=r"^μblog cannot start: no temporary file .*[^\n]$"):
        memory_directory(str(tmp_path))


@pytest.mark.parametrize(
    "address",
    ["nonsense://x", "postgres://127.0.0.1:9/ublog", "sqlite:////nowhere/at/all.sqlite3"],
)
def test_an_unusable_database_is_a_start_error(tmp_path, address):
    output = start_error(tmp_path / "data", DATABASE_URL=address)
    assert "database" in output.lower()


def test_a_start_error_names_the_wrong_setting(tmp_path):
    output = start_error(tmp_path / "data", UBLOG_SITE_URL="blog.example.org")
    assert "UBLOG_SITE_URL" in output


BAD = {
    "UBLOG_SECRET_KEY": "hunter2",
    "UBLOG_TOKEN_KEY": "k" * 50,
    "UBLOG_TOKEN_KEYS": "a:hunter2",
    "UBLOG_TOKEN_KEYS without ids": "hunter2hunter2hunter2hunter2hunter2",
    "UBLOG_ALLOWED_HOSTS": "*",
    "UBLOG_SITE_URL": "http://blog.example.org",
    "UBLOG_LIMIT_POST": "nonsense",
    "UBLOG_GRAPHQL_LIMITS": "deepness=3",
    "DATABASE_URL": "mysql://u:hunter2@127.0.0.1/ublog",
    "REDIS_URL": "redis://u:hunter2@127.0.0.1/nonsense",
    "CELERY_BROKER_URL": "amqp://u:hunter2@127.0.0.1:nonsense",
    "UBLOG_SMTP_URL": "smtp://u:hunter2@[mail.example.org",
}


@pytest.mark.parametrize(("variable", "value"), BAD.items(), ids=BAD)
def test_f2_a_start_error_names_the_unsafe_setting(tmp_path, variable, value):
    variable = variable.partition(" ")[0]
    output = start_error(tmp_path / "data", **{variable: value})
    assert variable in output
    assert "hunter2" not in output
    assert "kkkkk" not in output


@pytest.mark.parametrize(
    "keys", [{"UBLOG_TOKEN_KEY": "one key"}, {"UBLOG_TOKEN_KEYS": "2:one key"}], ids=repr
)
def test_a11_the_token_key_must_differ_from_the_secret_key(tmp_path, keys):
    same = "0123456789 the one key of a site for all"
    keys = {name: value.replace("one key", same) for name, value in keys.items()}
    output = start_error(tmp_path / "data", UBLOG_SECRET_KEY=same, **keys)
    assert "UBLOG_TOKEN_KEY must differ from UBLOG_SECRET_KEY" in output
    assert same not in output


def test_serving_the_network_requires_the_url_of_the_site(tmp_path):
    output = start_error(tmp_path / "data", "--host", "0.0.0.0")
    assert "UBLOG_SITE_URL" in output
