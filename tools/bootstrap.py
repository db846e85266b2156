"""Install the locked packages into `.venv`, and do nothing when they are there already.

    python3 tools/bootstrap.py [test] [dev]          the runtime packages and these groups
    python3 tools/bootstrap.py poetry lock           any command of Poetry

UBLOG_EXTRAS="s3 sentry" names the extras of pyproject.toml to install, too; what was installed
once stays, so that it need not be named again.

Needs Python 3.11 or newer and nothing else. Poetry, which reads `poetry.lock`, gets an
environment of its own in `.bootstrap`. A stamp in `.venv` says what is installed, so that a
second call needs no network and takes milliseconds.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)
if not OLDEST <= sys.version_info[:2] <= NEWEST:
    sys.exit(
        f"μblog needs Python 3.11, 3.12 or 3.13, and {sys.executable} is "
        f"{sys.version_info[0]}.{sys.version_info[1]}: say make PYTHON=/path/to/python3"
    )

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / ".installed"
POETRY_VENV = ROOT / ".bootstrap" / "poetry"
POETRY = ["poetry==2.5.1", "poetry-plugin-pypi-mirror==0.6.5"]

# Run by the pip of Poetry's environment: what pip's options come to, once its built-in
# defaults, its configuration files and the environment are taken together.
PIP_OPTIONS = """
import json
from pip._internal.commands import create_command
options, _ = create_command("install").parse_args([])
print(json.dumps([options.index_url, options.cert, options.proxy]))
"""


def main(arguments: list[str]) -> None:
    """Make `.venv` hold the runtime packages and the groups named, or run Poetry.

    Exits with one line when that is not possible.
    """
    (ROOT / ".bootstrap").mkdir(exist_ok=True)
    with open(ROOT / ".bootstrap" / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` at once: one waits
        if arguments[:1] == ["poetry"]:
            poetry(arguments[1:])
        elif not is_installed(arguments):
            install(arguments)


def is_installed(groups: list[str]) -> bool:
    """True when an earlier call has finished what is asked for now."""
    stamp = read_stamp(STAMP)
    return set(extras()) <= set(stamp.get("extras", [])) and (
        python(VENV).exists()  # false when the Python that it stands on was removed
        and stamp.get("locked") == locked()
        and set(groups) <= set(stamp["groups"])
    )


def install(groups: list[str]) -> None:
    """Bring `.venv` to what `poetry.lock` says; an interrupted call is healed by the next."""
    started = time.monotonic()
    make_poetry()
    stamp = read_stamp(STAMP)
    groups = sorted({*groups, *stamp.get("groups", [])})
    extra = sorted({*extras(), *stamp.get("extras", [])})
    if stamp.get("locked", [None])[0] != locked()[0] or not python(VENV).exists():
        make_venv(VENV, pip=False)
    STAMP.unlink(missing_ok=True)
    say(f"installing the locked packages ({', '.join(['runtime', *groups, *extra])})")
    command = ["--no-ansi", "--no-interaction", "sync", "--only", ",".join(["main", *groups])]
    command += ["--extras", " ".join(extra)] if extra else []
    run([str(python(POETRY_VENV)), "-m", "poetry", *command], poetry_environment())
    STAMP.write_text(json.dumps({"locked": locked(), "groups": groups, "extras": extra}))
    say(f"installed in {time.monotonic() - started:.0f} s")


def extras() -> list[str]:
    """What UBLOG_EXTRAS names, with spaces or commas between."""
    return os.environ.get("UBLOG_EXTRAS", "").replace(",", " ").split()


def locked() -> list[str]:
    """What `.venv` must have been made from: this Python, and this `poetry.lock`."""
    version = ".".join(map(str, sys.version_info[:3]))
    return [version, hashlib.sha256((ROOT / "poetry.lock").read_bytes()).hexdigest()]


def poetry(arguments: list[str]) -> None:
    """Run a command of Poetry, seen by the person who typed it."""
    make_poetry()
    command = [str(python(POETRY_VENV)), "-m", "poetry", *arguments]
    sys.exit(subprocess.run(command, cwd=ROOT, env=poetry_environment()).returncode)


def make_poetry() -> None:
    """Install Poetry unless it is there."""
    stamp = POETRY_VENV / ".installed"
    if read_stamp(stamp).get("poetry") != POETRY or not python(POETRY_VENV).exists():
        say("making a place for Poetry, which installs the rest (once)")
        make_venv(POETRY_VENV, pip=True)
        pip = [str(python(POETRY_VENV)), "-m", "pip", "--disable-pip-version-check"]
        run([*pip, "install", "--quiet", *POETRY], dict(os.environ))
        stamp.write_text(json.dumps({"poetry": POETRY}))


def poetry_environment() -> dict[str, str]:
    """The environment for Poetry: where to install, and where pip finds packages.

    Poetry's own client asks an interface that only one index has; through the mirror plug-in
    it asks the standard one (PEP 503), which every index has.
    """
    command = [str(python(POETRY_VENV)), "-c", PIP_OPTIONS]
    answer = subprocess.run(command, capture_output=True, text=True)
    index, certificate, proxy = json.loads(answer.stdout) if answer.returncode == 0 else [""] * 3
    found = {
        "POETRY_PYPI_MIRROR_URL": index,
        "REQUESTS_CA_BUNDLE": certificate,
        "HTTPS_PROXY": proxy,
    }
    settings = {name: value for name, value in found.items() if value}
    return {**settings, **os.environ, "VIRTUAL_ENV": str(VENV)}


def make_venv(folder: Path, pip: bool) -> None:
    """An empty virtual environment in place of what was in `folder`."""
    try:
        import ensurepip  # noqa: F401 - Debian packages Python without it
        import venv
    except ImportError:
        sys.exit("μblog needs Python's venv module: on Debian or Ubuntu, apt install python3-venv")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        venv.create(folder, with_pip=pip, symlinks=True)
    except (OSError, subprocess.CalledProcessError) as problem:
        sys.exit(f"μblog cannot make {folder}: {problem}")


def python(environment: Path) -> Path:
    """Its interpreter. Always run with `-m`: scripts break when the checkout is moved."""
    return environment / "bin" / "python"


def read_stamp(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def run(command: list[str], environment: dict[str, str]) -> None:
    """Run it in silence; exit with all it said, and one line of ours, when it fails."""
    result = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode != 0:
        sys.stderr.buffer.write(result.stdout)
        sys.exit("μblog could not install its packages (see above); the same command tries again")


def say(line: str) -> None:
    print(f"μblog: {line}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("μblog: interrupted; the same command goes on from here")
    except OSError as problem:
        sys.exit(f"μblog cannot install its packages: {problem}")
