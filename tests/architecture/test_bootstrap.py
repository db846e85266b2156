"""The installer: rejects what cannot work, does nothing twice, loses nothing, and takes exactly
what the lock says from the index that pip asks."""

import ast
import json
import os
import runpy
import subprocess
import sys
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest
from packaging.markers import Marker

ROOT = Path(__file__).resolve().parents[2]
BOOTSTRAP = ROOT / "tools" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path, monkeypatch):
    """Return the script as a module, with a temporary checkout to work on."""
    names = runpy.run_path(str(BOOTSTRAP))
    checkout = {
        "ROOT": tmp_path,
        "VENV": tmp_path / "venv",
        "STAMP": tmp_path / "venv/.installed",
        "WEB": tmp_path / ".bootstrap/web",
    }
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


def on_python(*version):
    pretend = f"import runpy, sys; sys.version_info = {version}; runpy.run_path({str(BOOTSTRAP)!r})"
    return subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)


def test_an_old_python_is_rejected_in_one_line_that_says_what_to_install():
    result = on_python(3, 10, 1)
    assert result.returncode == 1
    assert result.stderr.startswith("μblog needs Python 3.11 or newer, and ")
    assert f"{sys.executable} is 3.10, which is too old" in result.stderr
    assert "apt install python3 python3-venv" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("minor", [11, 14, 15, 16])
def test_no_newer_python_is_rejected(minor):
    assert on_python(3, minor, 0).returncode == 0


def test_only_python_3_11_reads_what_older_ones_cannot():
    """What stands above the check of the version must be readable by what it rejects."""
    compile(BOOTSTRAP.read_text(), str(BOOTSTRAP), "exec", flags=ast.PyCF_ONLY_AST)
    ast.parse(BOOTSTRAP.read_text(), feature_version=(3, 7))


def test_the_lock_file_names_no_address():
    """What a package says of itself may; where it comes from may not."""
    lines = (ROOT / "poetry.lock").read_text().splitlines()
    named = [line for line in lines if "://" in line and not line.startswith("description = ")]
    assert named == []


# -- Nothing good is destroyed, and nothing is done without need ------------------------------


def test_a_moved_checkout_installs_nothing_again(bootstrap, tmp_path):
    installed(bootstrap, "test")
    assert str(tmp_path) not in bootstrap.STAMP.read_text()


def test_a_new_patch_release_of_python_installs_nothing_again(bootstrap, monkeypatch):
    installed(bootstrap)
    monkeypatch.setattr(sys, "version_info", (*sys.version_info[:2], 99, "final", 0))
    assert bootstrap.is_installed([])


def test_what_is_installed_needs_no_file_that_can_be_written(bootstrap):
    """A read-only checkout, or one that another user has installed."""
    installed(bootstrap)
    bootstrap.main([])
    assert not (bootstrap.ROOT / ".bootstrap").exists()


@pytest.fixture
def other_lock(bootstrap, monkeypatch):
    """A checkout that has an environment, and a lock that came afterwards."""
    installed(bootstrap)
    (bootstrap.ROOT / "poetry.lock").write_text("two")
    monkeypatch.setitem(
        bootstrap.main.__globals__,
        "make_venv",
        lambda directory: (directory / "bin").mkdir(parents=True),
    )


def with_packages(bootstrap, monkeypatch, install):
    monkeypatch.setitem(bootstrap.main.__globals__, "install_packages", install)


def test_an_environment_survives_when_its_successor_fails(bootstrap, other_lock, monkeypatch):
    def fail(groups, extra):
        assert not bootstrap.STAMP.exists()
        sys.exit("no network")

    with_packages(bootstrap, monkeypatch, fail)
    stamp = bootstrap.STAMP.read_text()
    with pytest.raises(SystemExit, match="no network"):
        bootstrap.main([])
    assert bootstrap.STAMP.read_text() == stamp
    assert (bootstrap.VENV / "bin/python").exists()
    assert not bootstrap.aside().exists()


def test_an_environment_survives_when_its_successor_is_killed(bootstrap, other_lock, monkeypatch):
    bootstrap.VENV.rename(bootstrap.aside())  # as a killed call leaves it
    (bootstrap.VENV / "bin").mkdir(parents=True)
    bootstrap.restore()
    assert bootstrap.STAMP.exists()
    assert not bootstrap.aside().exists()


def test_the_previous_environment_goes_when_its_successor_is_whole(
    bootstrap, other_lock, monkeypatch
):
    with_packages(bootstrap, monkeypatch, lambda groups, extra: None)
    bootstrap.main(["test"])
    assert json.loads(bootstrap.STAMP.read_text())["locked"] == bootstrap.locked()
    assert not bootstrap.aside().exists()


def test_node_leaves_the_environment_of_an_earlier_release(bootstrap, other_lock, monkeypatch):
    installed(bootstrap, "test", "web")
    (bootstrap.ROOT / "poetry.lock").write_text("three")
    with_packages(bootstrap, monkeypatch, lambda groups, extra: None)
    bootstrap.main([])
    assert json.loads(bootstrap.STAMP.read_text())["groups"] == ["test"]


# -- Where there is no venv module -------------------------------------------------------------


@pytest.fixture
def without_venv(bootstrap, monkeypatch):
    """A function that says what the machine has instead; it returns the command that was run."""

    def make(*there):
        commands = []
        names = bootstrap.main.__globals__
        monkeypatch.setitem(names, "find_spec", lambda name: name in there or None)
        has = {"which": lambda name: name if f"bin/{name}" in there else None}
        monkeypatch.setitem(names, "shutil", SimpleNamespace(rmtree=lambda *_, **__: None, **has))
        monkeypatch.setitem(names, "run", lambda command, *_: commands.append(command))
        monkeypatch.setitem(names, "bundled_pip", lambda: "")
        bootstrap.make_venv(bootstrap.VENV)
        return commands[0]

    return make


@pytest.mark.parametrize(
    ("there", "words"),
    [
        (("venv", "ensurepip", "virtualenv"), ["-m", "venv"]),
        (("venv", "virtualenv"), ["-m", "virtualenv"]),
        (("venv", "bin/virtualenv"), ["virtualenv", "--python"]),
        (("bin/uv",), ["uv", "venv", "--seed"]),
    ],
)
def test_what_the_machine_has_makes_the_environment(without_venv, there, words):
    command = without_venv(*there)
    assert [word for word in command if word in words] == words


def test_the_pip_that_python_brings_is_unpacked_into_the_environment(bootstrap, tmp_path):
    if not bootstrap.bundled_pip():
        pytest.skip("This Python brings none.")
    bootstrap.make_venv(tmp_path / "new")
    command = [tmp_path / "new/bin/python", "-I", "-m", "pip", "--version"]
    assert str(tmp_path / "new") in subprocess.run(command, capture_output=True, text=True).stdout


def test_without_any_the_package_is_named(without_venv):
    with pytest.raises(SystemExit, match=r"apt install python3\.\d+-venv"):
        without_venv("venv")


# -- Settings of pip ----------------------------------------------------------------------------


def test_pip_keeps_the_settings_about_where_packages_are_and_no_others(
    bootstrap, tmp_path, monkeypatch
):
    file = tmp_path / "pip.conf"
    file.write_text(
        "[global]\nuser = true\nproxy = http://127.0.0.1:9\n[install]\nrequire-hashes = true\n"
    )
    given = {
        "PIP_CONFIG_FILE": str(file),
        "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
        "PIP_CERT": "/etc/company.pem",
        "PIP_USER": "1",
        "PIP_TARGET": "/elsewhere",
        "PIP_REQUIRE_HASHES": "1",
        "PIP_NO_BINARY": ":all:",
        "PYTHONPATH": "/elsewhere",
        "PYTHONHOME": "/elsewhere",
        "VIRTUAL_ENV": "/elsewhere",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(bootstrap.main.__globals__, "ROOT", tmp_path)
    environment = bootstrap.pip_environment()
    assert environment["PIP_INDEX_URL"] == "http://127.0.0.1:9/simple"
    assert environment["PIP_CERT"] == "/etc/company.pem"
    assert environment["PIP_PROXY"] == "http://127.0.0.1:9"
    assert environment["PIP_CONFIG_FILE"] == os.devnull
    foreign = {"PIP_USER", "PIP_TARGET", "PIP_REQUIRE_HASHES", "PIP_NO_BINARY"}
    assert not (foreign | {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}) & set(environment)


def test_a_failure_without_a_network_says_offline(bootstrap):
    output = b"WARNING: Retrying after connection broken by 'NewConnectionError(...)'"
    assert "offline" in bootstrap.advice(output)
    assert "offline" in bootstrap.advice(b"npm error code EAI_AGAIN")


def test_a_missing_library_is_named(bootstrap):
    output = b"node: error while loading shared libraries: libatomic.so.1: cannot open"
    assert "apt install libatomic1" in bootstrap.advice(output)


def test_other_failures_are_as_pip_said_them(bootstrap):
    assert bootstrap.advice(b"No space left on device").startswith("see above")


# -- The lock ----------------------------------------------------------------------------------

LOCK = tomllib.loads((ROOT / "poetry.lock").read_text())["package"]


def package(**fields):
    base = {"name": "one", "version": "1.2", "groups": ["main"], "files": [{"hash": "sha256:ab"}]}
    return {**base, **fields}


def test_exactly_what_the_lock_says_is_asked_for(bootstrap):
    [line] = bootstrap.requirements([package()], ["main"], [])
    assert line == "one==1.2 \\\n    --hash=sha256:ab\n"
    assert bootstrap.requirements([package(groups=["dev"])], ["main"], []) == []


def test_an_extra_is_installed_only_when_it_was_named(bootstrap):
    lazy = package(markers={"main": 'extra == "s3" and sys_platform == "linux"'})
    [without] = bootstrap.requirements([lazy], ["main"], [])
    [named] = bootstrap.requirements([lazy], ["main"], ["s3"])
    assert '(python_version < "3" and sys_platform == "linux")' in without
    assert '(python_version >= "3" and sys_platform == "linux")' in named


def test_a_package_of_two_groups_needs_the_marker_of_either(bootstrap):
    both = package(groups=["main", "test"], markers={"main": 'extra == "s3"'})
    [line] = bootstrap.requirements([both], ["main", "test"], [])
    assert ";" not in line


@pytest.mark.parametrize("minor", [11, 12, 13, 14, 15])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_package_has_a_wheel_for_every_python(bootstrap, minor, machine):
    """Of those that this Python is asked to install, on Linux. Nothing is built from code that no
    lock knows."""
    environment = {"python_version": f"3.{minor}", "python_full_version": f"3.{minor}.9"}
    lacking = [
        one["name"]
        for one in LOCK
        if one["name"] not in bootstrap.BUILT_HERE
        and is_wanted(one, environment)
        and not any(fits(file["file"], minor, machine) for file in one["files"])
    ]
    assert lacking == []


def is_wanted(one, environment) -> bool:
    markers = one.get("markers", "")
    texts = list(markers.values()) if isinstance(markers, dict) else [markers]
    linux = {"sys_platform": "linux", "platform_system": "Linux", "extra": "s3", **environment}
    return any(not text or Marker(text).evaluate(linux) for text in texts)


def fits(file: str, minor: int, machine: str) -> bool:
    if not file.endswith(".whl"):
        return False
    python, abi, platform = file.removesuffix(".whl").split("-")[-3:]
    here = platform == "any" or ("manylinux" in platform and machine in platform)
    stable = abi == "abi3" and int(python.split(".")[0].removeprefix("cp3")) <= minor
    return here and (f"cp3{minor}" in (python, abi) or stable or "py3" in python)


def test_another_django_gets_an_environment_of_its_own(monkeypatch):
    monkeypatch.setenv("UBLOG_DJANGO", "6.1")
    names = runpy.run_path(str(BOOTSTRAP))
    assert names["VENV"] == ROOT / ".venv-django-6.1"
    output = b"ERROR: Ignored the following versions that require a different python version: 6.1"
    assert "newer Python" in names["advice"](output)
