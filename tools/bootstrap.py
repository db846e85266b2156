"""Install the locked packages into `.venv`, and do nothing when they are there already.

    python3 tools/bootstrap.py [test] [dev]          the runtime packages and these groups
    python3 tools/bootstrap.py web                   Node and npm, into `.bootstrap/web`
    python3 tools/bootstrap.py poetry lock           any command of Poetry

UBLOG_EXTRAS="s3 sentry" names the extras of pyproject.toml to install, too; what was installed
once stays, so that it need not be named again. UBLOG_DJANGO=6.1 puts that release of Django over
the locked one, in an environment of its own: `.venv-django-6.1`.

Needs Python 3.11 or newer and nothing else. pip installs exactly the files whose hashes are in
`poetry.lock`, from the index that it is configured for. Poetry, which writes the lock, gets an
environment of its own in `.bootstrap/poetry` when one of its commands is called. A stamp in `.venv`
says what is installed, so that a second call needs no network and takes milliseconds.
"""

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
import zipfile
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OLDEST = (3, 11)
TRIED = (3, 15)  # the newest that the suite has run on; a newer one is not rejected
WHAT_TO_INSTALL = (
    "install a newer one (Debian and Ubuntu: apt install python3 python3-venv; Fedora: dnf "
    "install python3; macOS: brew install python), or say make PYTHON=/path/to/python3"
)
# Up to here, and in its syntax throughout, this file can be read by Python 3.6 and newer.
if sys.version_info[:2] < OLDEST:
    sys.exit(
        f"μblog needs Python 3.11 or newer, and {sys.executable} is {sys.version_info[0]}."
        f"{sys.version_info[1]}, which is too old: {WHAT_TO_INSTALL}"
    )

import tomllib  # noqa: E402 - only Python 3.11 and newer have it

ROOT = Path(__file__).resolve().parent.parent
DJANGO = os.environ.get("UBLOG_DJANGO", "")
VENV = ROOT / (f".venv-django-{DJANGO}" if DJANGO else ".venv")
STAMP = VENV / ".installed"
WEB = ROOT / ".bootstrap" / "web"
POETRY_VENV = ROOT / ".bootstrap" / "poetry"
POETRY = ["poetry==2.5.1", "poetry-plugin-pypi-mirror==0.6.5"]

# The packages that have no wheel. They are built here by the setuptools of the group `build`;
# everything else must be a wheel, since building it would fetch code that no lock knows.
BUILT_HERE = ["promise"]

# The settings of pip that say where packages are and how to get there, from its configuration
# files and the environment. All others (user, target, require-hashes, constraint, …) are about
# packages of somebody else. `pip config list` does not serve: it takes `user` for itself.
PIP_SETTINGS = (
    *("index_url", "extra_index_urls", "find_links", "no_index", "trusted_hosts", "proxy"),
    *("cert", "client_cert", "keyring_provider", "timeout", "cache_dir"),
)
PLURALS = {"extra_index_urls": "extra_index_url", "trusted_hosts": "trusted_host"}
# Run by the pip of an environment: what its options come to, built-in defaults included.
PIP_OPTIONS = """
import json, sys
from pip._internal.commands import create_command
options, _ = create_command("install").parse_args([])
found = {name: getattr(options, name, None) for name in sys.argv[1:]}
print(json.dumps({name: value for name, value in found.items() if value}))
"""

CONNECTION_ERRORS = re.compile(
    rb"NewConnectionError|NameResolutionError|ConnectTimeoutError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED"
)
PROGRESS_EVERY = 10.0  # seconds


def main(arguments: list[str]) -> None:
    """Make `.venv` hold the runtime packages and the groups named, or run Poetry.

    Exits with one line when that is not possible.
    """
    if arguments[:1] == ["poetry"]:
        with one_at_a_time("lock"):
            poetry(arguments[1:])
    elif arguments == ["web"]:
        install_web()
    elif not is_installed(arguments):
        with one_at_a_time("lock"):
            restore()
            if not is_installed(arguments):
                install(arguments)


@contextlib.contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Hold a lock: of `make run` and `make test` at once, one waits."""
    (ROOT / ".bootstrap").mkdir(exist_ok=True)
    with open(ROOT / ".bootstrap" / name, "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


# -- The environment ---------------------------------------------------------------------------


def is_installed(groups: list[str]) -> bool:
    """Return True when an earlier call has finished what is requested now."""
    stamp = read_stamp(STAMP)
    return set(extras()) <= set(stamp.get("extras", [])) and (
        python(VENV).exists()  # false when the Python that it stands on was removed
        and stamp.get("locked") == locked()
        and set(groups) <= set(stamp["groups"])
    )


def install(groups: list[str]) -> None:
    """Bring `.venv` to what `poetry.lock` says.

    What was made from another lock is set aside, and comes back when its successor fails. An
    interrupted call is repaired by the next.
    """
    started = time.monotonic()
    stamp = read_stamp(STAMP)
    # Earlier releases had Node in `.venv`, too.
    groups = sorted({*groups, *stamp.get("groups", [])} - {"web"})
    extra = sorted({*extras(), *stamp.get("extras", [])})
    try:
        if stamp.get("locked") != locked() or not python(VENV).exists():
            if VENV.exists():
                VENV.rename(aside())
            make_venv(VENV)
        say(f"installing the locked packages ({', '.join(['runtime', *groups, *extra])})")
        install_packages(["main", *groups], extra)
        STAMP.write_text(json.dumps({"locked": locked(), "groups": groups, "extras": extra}))
    finally:
        restore()
    say(f"installed in {time.monotonic() - started:.0f} s")


def aside() -> Path:
    """Return where the previous environment waits until its successor is whole."""
    return VENV.with_name(VENV.name + "-before")


def restore() -> None:
    """Remove the previous environment if its successor is whole, else bring it back."""
    if aside().exists():
        if STAMP.exists():
            shutil.rmtree(aside())
        else:
            shutil.rmtree(VENV, ignore_errors=True)
            aside().rename(VENV)


def install_packages(groups: list[str], extra: list[str]) -> None:
    """Have pip install the packages of these groups and extras into `.venv`."""
    packages = lock_file()["package"]
    builders = [package for package in packages if "build" in package["groups"]]
    if not all(map(is_there, builders)):  # older Pythons bring a setuptools of their own
        pip("install", *only(requirements(builders, ["build"], [])))
    pip("install", *only(requirements(packages, groups, extra)))
    if DJANGO:
        say(f"installing Django {DJANGO} in place of the locked one")
        pip("install", "--upgrade", f"django=={DJANGO}.*")


def install_web() -> None:
    """Install Node and npm, unless they are there. `tools/frontend.py` calls it."""
    wanted = requirements(lock_file()["package"], ["web"], [])
    stamp, now = WEB / ".installed", {"web": hashlib.sha256("".join(wanted).encode()).hexdigest()}
    with one_at_a_time("web-lock"):
        if read_stamp(stamp) != now:
            say("installing Node, which builds the front end")
            shutil.rmtree(WEB, ignore_errors=True)
            pip("install", "--target", str(WEB), *only(wanted))
            stamp.write_text(json.dumps(now))


def extras() -> list[str]:
    """Return what UBLOG_EXTRAS names, with spaces or commas between."""
    return os.environ.get("UBLOG_EXTRAS", "").replace(",", " ").split()


def locked() -> list[str]:
    """Return what `.venv` must have been made from: this Python, and this `poetry.lock`."""
    version = ".".join(map(str, sys.version_info[:2]))
    return [version, hashlib.sha256((ROOT / "poetry.lock").read_bytes()).hexdigest()]


def make_venv(directory: Path) -> None:
    """Make a virtual environment with pip in place of what was in `directory`.

    By Python's venv module, or what else this machine has: Debian packages Python without it.
    """
    shutil.rmtree(directory, ignore_errors=True)
    environment = clean_environment()
    wheel = ""
    if find_spec("venv") and find_spec("ensurepip"):
        wheel = bundled_pip()
        command = [sys.executable, "-I", "-m", "venv", str(directory)]
        command += ["--without-pip"] if wheel else []
    elif find_spec("virtualenv"):
        command = [sys.executable, "-m", "virtualenv", "--quiet", str(directory)]
    elif shutil.which("virtualenv"):
        command = ["virtualenv", "--quiet", "--python", sys.executable, str(directory)]
    elif shutil.which("uv"):
        command = ["uv", "venv", "--quiet", "--seed", "--python", sys.executable, str(directory)]
        environment |= uv_settings()
    else:
        name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        sys.exit(
            f"μblog needs Python's venv module, which {sys.executable} comes without: on Debian "
            f"or Ubuntu, apt install {name}; virtualenv or uv in its place will do"
        )
    run(command, environment, f"cannot make {directory}")
    if wheel:
        zipfile.ZipFile(wheel).extractall(next(directory.glob("lib/python*/site-packages")))


def bundled_pip() -> str:
    """Return the wheel of pip that Python has for new environments; "" when it is not found.

    To unpack it is to install it, in a tenth of the time that ensurepip takes.
    """
    places = [sysconfig.get_config_var("WHEEL_PKG_DIR") or "", "/usr/share/python-wheels"]
    ensurepip = find_spec("ensurepip")
    if ensurepip and ensurepip.origin:
        places.append(str(Path(ensurepip.origin).with_name("_bundled")))
    found = [path for place in places if place for path in sorted(Path(place).glob("pip-*.whl"))]
    return str(found[-1]) if found else ""


def uv_settings() -> dict[str, str]:
    """Return for uv what the environment tells pip."""
    pairs = {"UV_DEFAULT_INDEX": "PIP_INDEX_URL", "SSL_CERT_FILE": "PIP_CERT"}
    return {
        name: os.environ[other]
        for name, other in pairs.items()
        if other in os.environ and name not in os.environ
    }


def python(environment: Path) -> Path:
    """Return its interpreter. Always run with `-m`: scripts break when the checkout is moved."""
    return environment / "bin" / "python"


def is_there(package: dict) -> bool:
    """Return True when `.venv` has this package of the lock in this version."""
    name = f"{package['name']}-{package['version']}.dist-info"
    return any(VENV.glob(f"lib/python*/site-packages/{name}"))


# -- What the lock says ------------------------------------------------------------------------


def lock_file() -> dict:
    return tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))


def requirements(packages: Iterable[dict], groups: list[str], extra: list[str]) -> list[str]:
    """Return the lines of a requirements file: exact versions, with the hashes of their files.

    A marker of Poetry's may name an extra of μblog, which pip does not know: it is replaced by
    a condition that is always or never true.
    """
    lines = []
    for package in packages:
        markers = package.get("markers", "")
        names = [group for group in package["groups"] if group in groups]
        found = [markers.get(name, "") if isinstance(markers, dict) else markers for name in names]
        if found:
            line = f"{package['name']}=={package['version']}"
            if all(found):
                line += f" ; {with_extras(' or '.join(f'({one})' for one in found), extra)}"
            hashes = [f"    --hash={file['hash']}" for file in package["files"]]
            lines.append(" \\\n".join([line, *hashes]) + "\n")
    return lines


def with_extras(marker: str, extra: list[str]) -> str:
    def truth(match: re.Match) -> str:
        return 'python_version >= "3"' if match[1] in extra else 'python_version < "3"'

    return re.sub(r'extra == "([\w.-]+)"', truth, marker)


def only(lines: list[str]) -> list[str]:
    """Return pip's arguments for installing exactly this; the file is in `.bootstrap`."""
    file = ROOT / ".bootstrap" / "requirements.txt"
    file.write_text("".join(lines))
    wheels = ["--only-binary=:all:", *(f"--no-binary={name}" for name in BUILT_HERE)]
    exact = ["--no-deps", "--require-hashes", "--no-build-isolation"]
    # Compiling all of every package takes longer than what runs is compiled in, when it runs.
    return [*exact, *wheels, "--no-compile", "--requirement", str(file)]


# -- pip, Poetry and other programs ------------------------------------------------------------


def pip(*arguments: str) -> None:
    """Run the pip of `.venv` with its person's settings about the index and nothing else."""
    command = [str(python(VENV)), "-I", "-m", "pip", "--disable-pip-version-check", *arguments]
    run(command, pip_environment(), "could not install its packages")


def pip_environment() -> dict[str, str]:
    """Return ours, with pip's settings about the index and no other of pip's."""
    settings = {}
    for name, value in pip_settings(python(VENV)).items():
        text = " ".join(value) if isinstance(value, list) else str(value)
        settings[f"PIP_{PLURALS.get(name, name).upper()}"] = text
    # Two tries, not five: who is offline need not wait.
    return {**clean_environment(), **settings, "PIP_RETRIES": "2", "PIP_CONFIG_FILE": os.devnull}


@cache
def pip_settings(interpreter: Path) -> dict:
    """Return the settings of pip about its index, by the names of PIP_SETTINGS."""
    command = [str(interpreter), "-I", "-c", PIP_OPTIONS, *PIP_SETTINGS]
    result = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    return json.loads(result.stdout) if result.returncode == 0 else {}


def clean_environment() -> dict[str, str]:
    """Return the environment without variables that change what Python or pip does."""
    foreign = ("PIP_", "PYTHON", "VIRTUAL_ENV", "CONDA_", "__PYVENV")
    return {name: text for name, text in os.environ.items() if not name.startswith(foreign)}


def poetry(arguments: list[str]) -> None:
    """Run a command of Poetry, seen by the person who typed it."""
    make_poetry()
    command = [str(python(POETRY_VENV)), "-I", "-m", "poetry", *arguments]
    sys.exit(subprocess.run(command, cwd=ROOT, env=poetry_environment()).returncode)


def make_poetry() -> None:
    """Install Poetry unless it is there."""
    stamp = POETRY_VENV / ".installed"
    if read_stamp(stamp).get("poetry") != POETRY or not python(POETRY_VENV).exists():
        say("making a place for Poetry, which writes the lock (once)")
        make_venv(POETRY_VENV)
        pip = [str(python(POETRY_VENV)), "-m", "pip", "--disable-pip-version-check"]
        run([*pip, "install", *POETRY], dict(os.environ), "could not install Poetry")
        stamp.write_text(json.dumps({"poetry": POETRY}))


def poetry_environment() -> dict[str, str]:
    """Return the environment for Poetry: where to install, and where pip finds packages.

    Poetry's own client asks an interface that only one index has; through the mirror plug-in
    it asks the standard one (PEP 503), which every index has.
    """
    settings = pip_settings(python(POETRY_VENV))
    names = {"POETRY_PYPI_MIRROR_URL": "index_url", "REQUESTS_CA_BUNDLE": "cert"}
    names["HTTPS_PROXY"] = "proxy"
    found = {name: settings[other] for name, other in names.items() if other in settings}
    return {**found, **os.environ, "VIRTUAL_ENV": str(VENV)}


def run(
    command: list[str], environment: dict[str, str], failure: str, directory: Path = ROOT
) -> None:
    """Run it in silence but for a line now and then; exit with all it said when it fails.

    `failure` says what μblog could not do.
    """
    ended = threading.Event()
    ticker = threading.Thread(target=show_progress, args=(ended,), daemon=True)
    ticker.start()
    try:
        result = subprocess.run(
            command,
            cwd=directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    finally:
        ended.set()
    if result.returncode != 0:
        sys.stderr.buffer.write(result.stdout)
        sys.exit(f"μblog {failure} ({advice(result.stdout)})")


def advice(output: bytes) -> str:
    """Return what to do about a command that has printed this and failed."""
    library = re.search(rb"loading shared libraries: lib([a-z+]+)\.so\.(\d+)", output)
    if library:
        package = f"lib{library[1].decode()}{library[2].decode()}"
        return f"a library is missing: on Debian or Ubuntu, apt install {package}"
    if CONNECTION_ERRORS.search(output):
        return "this machine seems to be offline; with a network the same command goes on"
    if DJANGO and b"require a different python version" in output:
        return f"Django {DJANGO} may need a newer Python: say make … PYTHON=python3.13"
    if sys.version_info[:2] > TRIED and b"No matching distribution" in output:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return f"Python {version} may be too new for them: say make PYTHON=python3.{TRIED[1]}"
    return "see above; the same command tries again"


def show_progress(ended: threading.Event) -> None:
    started = time.monotonic()
    while not ended.wait(PROGRESS_EVERY):
        say(f"  … still at it after {time.monotonic() - started:.0f} s")


def read_stamp(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (OSError, ValueError):
        return {}


def say(line: str) -> None:
    print(f"μblog: {line}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("μblog: interrupted; the same command goes on from here")
    except OSError as problem:
        sys.exit(f"μblog cannot install its packages: {problem}")
