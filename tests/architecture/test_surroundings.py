"""Odd surroundings: what a machine lacks, and where a checkout may be."""

import json
import os
import runpy
import socket
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import needs
from tests.e2e import browser
from ublog import paths
from ublog.run import startup

ROOT = Path(__file__).resolve().parents[2]
GUNICORN = ROOT / "deploy" / "gunicorn.conf.py"


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
@pytest.mark.parametrize("visitor", ["127.0.0.1", "::1"])
def test_every_address_is_that_of_ipv4_too(visitor):
    with closing(startup.listen("::", 0)) as server:
        socket.create_connection((visitor, server.getsockname()[1]), timeout=5).close()


@pytest.fixture
def checkout(monkeypatch, tmp_path):
    """A checkout in which root may write and this user may not, also when root runs the test."""
    (tmp_path / "checkout").mkdir()
    monkeypatch.setattr(paths, "ROOT", tmp_path / "checkout")
    allowed = {}
    monkeypatch.setattr(os, "access", lambda path, mode: allowed.get((path, mode), False))
    return SimpleNamespace(path=tmp_path / "checkout", allowed=allowed)


def test_static_files_of_a_read_only_checkout_are_with_the_data(checkout):
    assert paths.static_root(Path("/data")) == Path("/data/staticfiles")


def test_static_files_that_can_be_written_or_read_are_beside_the_code(checkout):
    beside = checkout.path / "staticfiles"
    checkout.allowed[checkout.path, os.W_OK] = True
    assert paths.static_root(Path("/data")) == beside
    checkout.allowed.clear()
    checkout.allowed[beside / "staticfiles.json", os.R_OK] = True
    assert paths.static_root(Path("/data")) == beside


@pytest.mark.parametrize(
    ("platform", "variables", "place"),
    [
        ("linux", {"HOME": "/home/ann"}, "/home/ann/.local/share/ublog"),
        ("linux", {"HOME": "/home/ann", "XDG_DATA_HOME": "/big"}, "/big/ublog"),
        ("darwin", {"HOME": "/Users/ann"}, "/Users/ann/Library/Application Support/ublog"),
    ],
)
def test_an_installed_wheel_keeps_its_data_where_the_platform_says(
    monkeypatch, platform, variables, place
):
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(paths, "INSTALLED", True)
    monkeypatch.setattr(paths.sys, "platform", platform)
    assert paths.default_data_dir() == Path(place)


@pytest.mark.parametrize(
    ("installed", "data", "command"),
    [
        (False, paths.DEFAULT_DATA_DIR, "make superuser"),
        (False, "/my data", "make superuser DATA='/my data'"),
        (True, paths.DEFAULT_DATA_DIR, "ublog superuser"),
        (True, "/my data", "UBLOG_DATA_DIR='/my data' ublog superuser"),
    ],
)
def test_what_to_type_next_suits_how_it_was_started(monkeypatch, installed, data, command):
    monkeypatch.setattr(paths, "INSTALLED", installed)
    assert paths.how_to("superuser", data) == command


@pytest.mark.parametrize(
    ("installed", "restore", "migrate", "option"),
    [
        (False, "make restore FROM=/b DATA=/new", "manage.py migrate", "PORT=1"),
        (True, "UBLOG_DATA_DIR=/new ublog restore /b", "ublog manage migrate", "--port 1"),
    ],
)
def test_options_and_commands_to_type_suit_it_too(monkeypatch, installed, restore, migrate, option):
    monkeypatch.setattr(paths, "INSTALLED", installed)
    assert paths.how_to("restore", "/new", "/b") == restore
    assert paths.how_to_manage("migrate") == migrate
    assert paths.option("port", 1) == option


# -- What make test says that it left out ------------------------------------------------------


@pytest.fixture
def nothing_there(monkeypatch):
    lacking = [needs.Need(need.tests, need.packages, lambda: False) for need in needs.NEEDS]
    monkeypatch.setattr(needs, "NEEDS", lacking)


def test_the_last_line_says_what_was_not_tested(nothing_there, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    assert needs.left_out(needs.NEEDS) == 0
    [line] = capsys.readouterr().out.splitlines()
    assert line.startswith("== NOT tested: PostgreSQL (")
    assert "the browser tests (on Debian or Ubuntu: apt install chromium libatomic1" in line


def test_what_was_not_tested_fails_in_ci(nothing_there, monkeypatch):
    monkeypatch.setenv("CI", "true")
    assert needs.left_out(needs.NEEDS) == 1


@pytest.mark.parametrize(("user", "installs"), [(0, True), (1000, False)])
def test_only_root_on_debian_installs(nothing_there, monkeypatch, user, installs):
    commands = []
    monkeypatch.setattr(needs.os, "getuid", lambda: user)
    monkeypatch.setattr(needs.shutil, "which", lambda name: f"/usr/bin/{name}")
    done = SimpleNamespace(returncode=0)
    run = lambda command, **_: commands.append(command) or done  # noqa: E731
    monkeypatch.setattr(needs.subprocess, "run", run)
    needs.install(needs.NEEDS)
    assert (["apt-get", "update", "--quiet", "--quiet"] in commands) is installs


def test_programs_of_the_clients_are_installed_apart(monkeypatch, capsys):
    monkeypatch.setattr(needs.shutil, "which", lambda name: None)
    monkeypatch.setenv("CI", "true")
    needs.install(needs.CLIENTS)
    assert needs.left_out(needs.CLIENTS) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert all(name in last for name in ("newsboat", "w3m", "lynx", "default-jre-headless"))
    assert "browser tests" not in last


def test_a_library_that_playwright_lacks_is_no_traceback(monkeypatch):
    message = "node: error while loading shared libraries: libatomic.so.1: cannot open"
    result = SimpleNamespace(stderr=message)
    monkeypatch.setattr(browser.subprocess, "run", lambda *_, **__: result)
    assert browser.missing_library() == "libatomic.so.1"
    assert not browser.can_be_driven()
    assert browser.fetched() is None


# -- The front end -----------------------------------------------------------------------------


@pytest.fixture
def frontend(monkeypatch, tmp_path):
    """tools/frontend.py, with a checkout of its own."""
    names = runpy.run_path(str(ROOT / "tools" / "frontend.py"))
    (tmp_path / "frontend" / "node_modules").mkdir(parents=True)
    (tmp_path / "frontend" / "dist").mkdir()
    (tmp_path / "web").mkdir()
    (tmp_path / "poetry.lock").write_text((ROOT / "poetry.lock").read_text())
    own = {
        "ROOT": tmp_path,
        "FRONTEND": tmp_path / "frontend",
        "BUILT": tmp_path / "frontend" / "dist" / ".ublog-built",
        "WEB": tmp_path / "web",
        "STAMP": tmp_path / ".installed",
        "install": lambda **options: None,
        "run": lambda *arguments: None,
    }
    for name, value in own.items():
        monkeypatch.setitem(names["main"].__globals__, name, value)
    return SimpleNamespace(**{**names, **own})


def test_node_goes_where_nobody_tests_or_develops(frontend):
    frontend.build()
    assert not frontend.WEB.exists()
    assert not (frontend.FRONTEND / "node_modules").exists()
    assert frontend.is_built()


def test_node_stays_where_somebody_tests(frontend):
    frontend.STAMP.write_text(json.dumps({"groups": ["test"]}))
    frontend.build()
    assert frontend.WEB.exists()
    assert (frontend.FRONTEND / "node_modules").exists()


def test_a_front_end_is_not_built_again_in_a_checkout_that_was_moved(frontend, tmp_path):
    (frontend.FRONTEND / "main.ts").write_text("one")
    frontend.build()
    assert str(tmp_path) not in frontend.fingerprint(frontend.source_files())
    here = frontend.fingerprint(frontend.source_files())
    moved = tmp_path / "moved"
    moved.mkdir()
    (frontend.FRONTEND).rename(moved / "frontend")
    (tmp_path / "poetry.lock").rename(moved / "poetry.lock")
    names = frontend.main.__globals__
    names["ROOT"], names["FRONTEND"] = moved, moved / "frontend"
    assert frontend.fingerprint(frontend.source_files()) == here


def test_a_company_s_certificate_reaches_npm_as_it_reaches_pip(frontend, monkeypatch):
    for name in ("NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CERT", "/etc/company.pem")
    assert frontend.environment()["NODE_EXTRA_CA_CERTS"] == "/etc/company.pem"
    monkeypatch.setenv("NODE_EXTRA_CA_CERTS", "/mine.pem")
    assert frontend.environment()["NODE_EXTRA_CA_CERTS"] == "/mine.pem"
