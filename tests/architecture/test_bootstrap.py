"""The installer: it installs only what is missing, from the index that pip uses."""

import json
import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = ROOT / "tools" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """Return the script as a module, with a temporary checkout to work on."""
    names = runpy.run_path(str(BOOTSTRAP))
    checkout = {"ROOT": tmp_path, "VENV": tmp_path / "venv", "STAMP": tmp_path / "venv/.installed"}
    for name, value in checkout.items():
        monkeypatch.setitem(names["main"].__globals__, name, value)
    (tmp_path / "poetry.lock").write_text("one")
    (tmp_path / "venv/bin").mkdir(parents=True)
    (tmp_path / "venv/bin/python").symlink_to(sys.executable)
    return SimpleNamespace(**{**names, **checkout})


def installed(bootstrap, *groups):
    bootstrap.STAMP.write_text(json.dumps({"locked": bootstrap.locked(), "groups": groups}))


@pytest.fixture(autouse=True)
def no_extras(monkeypatch):
    monkeypatch.delenv("UBLOG_EXTRAS", raising=False)


def test_what_is_installed_is_not_installed_again(bootstrap):
    installed(bootstrap, "dev", "test")
    assert bootstrap.is_installed([])
    assert bootstrap.is_installed(["test"])


def test_a_group_that_is_missing_is_installed(bootstrap):
    installed(bootstrap, "dev")
    assert not bootstrap.is_installed(["test"])


def test_an_extra_that_is_missing_is_installed(bootstrap, monkeypatch):
    installed(bootstrap)
    monkeypatch.setenv("UBLOG_EXTRAS", "s3,sentry")
    assert not bootstrap.is_installed([])


def test_installed_extras_need_not_be_named_again(bootstrap, monkeypatch):
    stamp = {"locked": bootstrap.locked(), "groups": [], "extras": ["s3", "sentry"]}
    bootstrap.STAMP.write_text(json.dumps(stamp))
    assert bootstrap.is_installed([])
    monkeypatch.setenv("UBLOG_EXTRAS", "s3")
    assert bootstrap.is_installed([])


def test_a_changed_lock_is_installed(bootstrap):
    installed(bootstrap)
    (bootstrap.ROOT / "poetry.lock").write_text("two")
    assert not bootstrap.is_installed([])


def test_an_interrupted_installation_is_repeated(bootstrap):
    assert not bootstrap.is_installed([])


def test_an_environment_without_its_python_is_created_again(bootstrap):
    installed(bootstrap)
    (bootstrap.VENV / "bin/python").unlink()
    assert not bootstrap.is_installed([])


def test_poetry_uses_the_index_that_pip_uses(bootstrap, monkeypatch):
    if not bootstrap.python(bootstrap.POETRY_VENV).exists():
        pytest.skip("Poetry was not installed by tools/bootstrap.py")
    monkeypatch.delenv("POETRY_PYPI_MIRROR_URL", raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    environment = bootstrap.poetry_environment()
    assert environment["POETRY_PYPI_MIRROR_URL"] == "http://127.0.0.1:9/simple"


def test_an_old_python_is_an_error_of_one_line():
    pretend = (
        f"import runpy, sys; sys.version_info = (3, 10, 1); runpy.run_path({str(BOOTSTRAP)!r})"
    )
    result = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert result.returncode == 1
    assert result.stderr.startswith("μblog needs Python 3.11")
    assert result.stderr.count("\n") == 1


def test_the_lock_file_names_no_package_index():
    """URLs in the metadata of a package may stay, those of its files may not."""
    lines = (ROOT / "poetry.lock").read_text().splitlines()
    named = [line for line in lines if "://" in line and not line.startswith("description = ")]
    assert named == []
