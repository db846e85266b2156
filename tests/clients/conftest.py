"""Only `make test-clients` runs these tests: they need packages that no other test has.

Without these, or a program that they need, a test is left out; in CI it fails.
"""

import os
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.architecture.code import ROOT
from tests.e2e.browser import must_be_there
from tools import bootstrap, frontend

HERE = Path(__file__).parent
APPS = HERE / "apps"
OPENAPI = ROOT / "docs/openapi.yaml"
collect_ignore_glob = [] if os.environ.get("UBLOG_TEST_CLIENTS") else ["test_*.py"]


@pytest.fixture(scope="session")
def directory(tmp_path_factory):
    """Return a directory with the files of this one, and with the packages of package-lock.json."""
    with installing():
        frontend.install(HERE)
    made = tmp_path_factory.mktemp("clients")
    for file in (*HERE.glob("*.ts"), *HERE.glob("*.json"), *HERE.glob("*.yaml")):
        shutil.copy(file, made)
    shutil.copy(HERE / ".spectral.yaml", made)
    shutil.copy(OPENAPI, made)
    (made / "node_modules").symlink_to(HERE / "node_modules")
    return made


@pytest.fixture
def run(directory):
    """A function that runs a program of a package, which must end without an error, and returns
    what it prints."""

    def call(program, *arguments):
        command = [directory / "node_modules/.bin" / program, *map(str, arguments)]
        settings = frontend.environment() | {"REDOCLY_TELEMETRY": "off", "CI": "true"}
        done = subprocess.run(command, cwd=directory, env=settings, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call


@pytest.fixture(scope="session")
def python():
    """Return a Python with the packages of requirements.txt, in a venv of its own."""
    return python_with(HERE / "requirements.txt")


@pytest.fixture(scope="session")
def apps(tmp_path_factory):
    """Return the directory with the programs that use apps for Mastodon, and their packages.

    These are those that it locks, or the newest ones with UBLOG_TEST_NEWEST.
    """
    if not os.environ.get("UBLOG_TEST_NEWEST"):
        with installing():
            frontend.install(APPS)
        return APPS
    newest = tmp_path_factory.mktemp("newest")
    for program in (*APPS.glob("*.py"), *APPS.glob("*.mjs")):
        shutil.copy(program, newest)
    (newest / "requirements.txt").write_text("Mastodon.py\ntoot\n")
    with installing():
        frontend.install_web()
        command = frontend.npm("install", "--no-audit", "--no-fund", "--ignore-scripts")
        command += [f"{name}@latest" for name in ("masto", "megalodon")]
        subprocess.run(command, cwd=newest, env=frontend.environment(), check=True)
    return newest


@pytest.fixture(scope="session")
def python_of_apps(apps):
    """Return a Python with the packages of requirements.txt there, in a venv of its own."""
    return python_with(apps / "requirements.txt")


@pytest.fixture(scope="session")
def node(apps):
    return shutil.which("node", path=frontend.environment()["PATH"])


def python_with(requirements):
    """Return a Python with these packages, in a venv beside the file."""
    venv = requirements.parent / ".venv"
    program, stamp = venv / "bin/python", venv / "requirements.txt"
    if not stamp.exists() or stamp.read_text() != requirements.read_text():
        with installing():
            subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
            install = [program, "-m", "pip", "install", "--quiet", "--requirement", requirements]
            subprocess.run(install, env=bootstrap.pip_environment(), check=True)
        shutil.copy(requirements, stamp)
    return program


@contextmanager
def installing():
    """Skip the tests, in one line, where packages cannot be installed; in CI that is a failure."""
    try:
        yield
    except (subprocess.SubprocessError, OSError, SystemExit) as failure:
        leave_out(f"Packages could not be installed: {failure}")


def leave_out(reason):
    """Skip a test, with a line that says why; in CI that is a failure."""
    (pytest.fail if must_be_there() else pytest.skip)(reason)
