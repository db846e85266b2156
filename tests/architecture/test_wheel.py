"""The wheel: built, put into an empty environment, and walked through from there."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing
from email import message_from_string
from http.client import HTTPConnection
from importlib.metadata import version
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement

from tests import wheel as wheels
from tests.faults.site import OPEN, eventually
from tests.pictures import picture

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "frontend" / "dist" / "manifest.json"
PATIENCE = 180  # seconds; other tests run at the same time
BOUNDARY = "one-part-after-another"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    if not BUILT.exists():
        pytest.fail("The front end is not built: `make test` builds it.")
    return wheels.build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def ublog(wheel, tmp_path_factory) -> Path:
    """The program, in an environment that knows nothing of the checkout."""
    return wheels.install(wheel, tmp_path_factory.mktemp("empty") / "venv")


class Installed:
    """A site that runs from the wheel, in the user's data directory."""

    def __init__(self, ublog: Path, home: Path) -> None:
        self.ublog, self.home = ublog, home
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.environment = {
            "PATH": os.defpath,
            "HOME": str(home),
            "UBLOG_SITE_URL": f"http://127.0.0.1:{self.port}",
            **OPEN,
        }

    @property
    def data(self) -> Path:
        return self.home / ".local" / "share" / "ublog"

    def command(self, *arguments: str, may_fail: bool = False) -> str:
        result = subprocess.run(
            [self.ublog, *arguments],
            cwd=self.home,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert may_fail or result.returncode == 0, result.stdout + result.stderr
        return result.stdout + (result.stderr if may_fail else "")

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.ublog, "run", "--port", str(self.port)],
            cwd=self.home,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.shown = ""
        for line in self.process.stdout:
            self.shown += line
            if "Ctrl-C" in line:
                return
        raise AssertionError(self.shown)

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=PATIENCE)

    def request(self, method: str, path: str, body: bytes = b"", **headers: str):
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            return response.status, response.read()


@pytest.fixture(scope="module")
def site(ublog, tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("The data directory is another one there.")
    installed = Installed(ublog, tmp_path_factory.mktemp("home"))
    installed.start()
    yield installed
    installed.stop()


def form(**fields) -> bytes:
    parts = []
    for name, value in fields.items():
        file = isinstance(value, bytes)
        head = f'Content-Disposition: form-data; name="{name}"'
        head += '; filename="p.png"\r\nContent-Type: image/png' if file else ""
        content = value if file else value.encode()
        parts.append(f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def publish(site, **fields) -> dict:
    kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    status, body = site.request("POST", "/api/fbv/posts/new/", form(**fields), **kind)
    assert status == 201, body
    return json.loads(body)


def test_the_wheel_holds_what_it_needs_and_nothing_of_the_tests(wheel):
    names = ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"ublog", next(top for top in tops if top.endswith(".dist-info"))}
    assert "ublog/site/deploy/gunicorn.conf.py" in names
    assert "ublog/site/staticfiles/staticfiles.json" in names
    assert any(name.endswith(".css.br") for name in names)
    assert not [name for name in names if "__pycache__" in name or "secrets.env" in name]


def test_its_pins_are_what_the_tests_run_with(wheel):
    with ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if one.endswith("/METADATA"))
        metadata = message_from_string(archive.read(name).decode())
    asked = [Requirement(text) for text in metadata.get_all("Requires-Dist")]
    pins = {
        one.name: str(one.specifier).removeprefix("==")
        for one in asked
        if one.marker and one.marker.evaluate({"extra": "locked"})
    }
    assert len(pins) > 40
    assert pins == {name: version(name) for name in pins}


def test_a_site_starts_without_a_checkout_and_takes_the_first_posts(site):
    assert f"runs at http://127.0.0.1:{site.port}" in site.shown
    assert f"http://127.0.0.1:{site.port}/accounts/set-up/" in site.shown
    assert "Or in a terminal: ublog superuser" in site.shown
    post = publish(site, body="The first")
    assert publish(site, body="A picture", image=picture().read())["image"]["width"] == 40
    status, page = site.request("GET", "/fbv/posts/")
    assert status == 200
    assert b"The first" in page
    assert site.request("GET", f"/api/cbv/posts/{post['id']}/")[0] == 200


def test_its_static_files_are_those_of_the_wheel(site):
    _, page = site.request("GET", "/fbv/posts/")
    [sheet] = [part for part in page.decode().split('"') if part.endswith(".css")]
    assert site.request("GET", sheet)[0] == 200
    assert site.request("GET", "/")[0] == 200
    assert "static files" not in site.shown


def test_a_backup_is_made_read_and_restored(site, ublog, tmp_path):
    post = publish(site, body="Kept", image=picture(colour="red").read())
    site.command("backup", "--to", str(tmp_path / "backups"))
    [backup] = (tmp_path / "backups").glob("ublog-backup-*")
    site.command("verify", str(backup))
    restored = Installed(ublog, tmp_path / "other")
    restored.home.mkdir()
    restored.command("restore", str(backup))
    restored.start()
    try:
        status, body = restored.request("GET", f"/api/fbv/posts/{post['id']}/")
    finally:
        restored.stop()
    assert status == 200
    assert json.loads(body)["body"] == "Kept"


def test_the_commands_are_those_of_make(site):
    # It fails on a site that has just started: beat has yet to be seen.
    assert "worker: ran a task" in site.command("doctor", may_fail=True)
    site.command("manage", "check")
    assert "ublog backup" in site.command("--help")
    assert str(site.data) in site.command("--version")


def test_its_processes_run_by_themselves_too(site, tmp_path):
    """As systemd and containers start them."""
    place = str(tmp_path / "web.sock")
    assert not is_healthy(site, place)
    with subprocess.Popen(
        [site.ublog, "web", "--bind", f"unix:{place}"],
        cwd=tmp_path,
        env=site.environment,
        stderr=subprocess.DEVNULL,
    ) as web:
        eventually(lambda: is_healthy(site, place), PATIENCE)
        assert is_healthy(site, f"127.0.0.1:{site.port}")
        web.terminate()
    assert web.returncode == 0
    assert not is_healthy(site, "nowhere")


def is_healthy(site, place: str) -> bool:
    command = [site.ublog, "healthy", place]
    return subprocess.run(command, env=site.environment).returncode == 0


def test_what_it_says_to_type_is_its_own_command(site, tmp_path):
    said = site.command("run", "--port", str(site.port), may_fail=True)
    assert "another μblog runs" in said
    other = Installed(site.ublog, tmp_path)
    said = other.command("run", "--port", str(site.port), may_fail=True)
    assert f"use another: --port {site.port + 1}" in said
    other.environment["UBLOG_DATA_DIR"] = str(tmp_path / "new")
    for process in ("web", "worker", "beat"):
        said = other.command(process, may_fail=True)
        assert f"`UBLOG_DATA_DIR={tmp_path}/new ublog run` makes one" in said
    assert "make " not in said


def test_nothing_is_written_beside_the_code(site, ublog):
    package = next(ublog.parents[1].glob("lib/python*/site-packages/ublog"))
    before = ublog.stat().st_mtime
    late = [
        path
        for path in (package / "site").rglob("*")
        if path.is_file() and path.stat().st_ctime > before + 1
    ]
    assert late == []
    assert (site.data / "ublog.sqlite3").exists()
    assert not (package.parent / "data").exists()


def test_the_data_directory_is_for_its_owner_alone(site):
    assert site.data.stat().st_mode & 0o077 == 0
