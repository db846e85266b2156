"""Build the wheel, with the front end and the static files inside: `make dist`.

    python tools/dist.py [DIRECTORY]      into dist/ when no other directory is named

Beside the wheel it writes `constraints.txt`, the exact versions of the lock; the wheel's extra
`locked` asks for the same, so that a user of `ublog[locked]` runs what was tested. For
servers and containers it writes `requirements*.txt`, the same with the hash of each file, and
`deploy/`, which installs them: docs/operations.md. There is no source distribution: a checkout is
the source.
"""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from bootstrap import BUILT_HERE, ROOT, lock_file, requirements, with_extras

# What the checkout has outside `ublog` and a site needs: see ublog/paths.py.
FILES = ("deploy/gunicorn.conf.py", "pyproject.toml", "LICENSE")
EXTRAS = ("s3", "sentry")
BACKEND = """
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[tool.setuptools.packages.find]
include = ["ublog", "ublog.*"]

[tool.setuptools.package-data]
"*" = ["**/*"]
"""
LOCAL = shutil.ignore_patterns("__pycache__", "compose.env")


def main(target: Path) -> Path:
    """Return the wheel's path; exits with what a step has printed when it fails."""
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="ublog-dist-") as directory:
        stage = Path(directory)
        copy_sources(stage)
        collect_static(stage)
        pins = locked_versions()
        (stage / "pyproject.toml").write_text(project(pins), encoding="utf-8")
        wheel = build(stage)
        for old in target.glob("ublog-*.whl"):
            old.unlink()
        shutil.copy(wheel, target)
    (target / "constraints.txt").write_text("".join(f"{pin}\n" for pin in pins))
    write_requirements(target)
    shutil.copytree(ROOT / "deploy", target / "deploy", ignore=LOCAL, dirs_exist_ok=True)
    shutil.copy(ROOT / ".env.example", target / "deploy")
    return target / wheel.name


def write_requirements(target: Path) -> None:
    """Write what deploy/packages.sh installs: the packages, those of extras, and the builder."""
    packages = lock_file()["package"]
    builders = [package for package in packages if "build" in package["groups"]]
    plain = requirements(packages, ["main"], [])
    files = {"": plain, "-build": requirements(builders, ["build"], [])}
    for extra in EXTRAS:
        named = requirements(packages, ["main"], [extra])
        files[f"-{extra}"] = [line for line in named if line not in plain]
    wheels = ["--only-binary=:all:", *(f"--no-binary={name}" for name in BUILT_HERE)]
    head = "".join(f"{option}\n" for option in ["--require-hashes", *wheels])
    for name, lines in files.items():
        (target / f"requirements{name}.txt").write_text(head + "".join(lines))


def copy_sources(stage: Path) -> None:
    """Copy what git knows of `ublog`, and what belongs in `ublog/site`."""
    listing = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "ublog")
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).exists():  # a file that was deleted is listed until that is committed
            copy(ROOT / name, stage / name)
    for name in FILES:
        copy(ROOT / name, stage / "ublog" / "site" / name)
    for name in ("LICENSE", "README.md"):
        copy(ROOT / name, stage / name)
    shutil.copytree(ROOT / "frontend" / "dist", stage / "ublog" / "site" / "frontend" / "dist")


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)


def collect_static(stage: Path) -> None:
    """Collect, hash and compress the static files; of the front end only its manifest stays."""
    keys = {name: secrets.token_hex(32) for name in ("UBLOG_SECRET_KEY", "UBLOG_TOKEN_KEY")}
    environment = {"PATH": os.environ["PATH"], **keys, "UBLOG_DATA_DIR": str(stage / "data")}
    command = ("-m", "ublog.manage", "collectstatic", "--no-input", "--verbosity", "0")
    run(sys.executable, *command, directory=stage, environment=environment)
    site = stage / "ublog" / "site"
    shutil.rmtree(site / "frontend" / "dist" / "assets")
    for path in (site / "staticfiles").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)  # they hold no secret
    for cache in stage.rglob("__pycache__"):
        shutil.rmtree(cache)


def locked_versions() -> list[str]:
    """Return `name==version ; marker` for each runtime package of the lock, extras included."""
    pins = []
    for package in lock_file()["package"]:
        if "main" in package["groups"]:
            markers = package.get("markers", "")
            marker = markers.get("main", "") if isinstance(markers, dict) else markers
            if "extra ==" not in marker:
                pin = f"{package['name']}=={package['version']}"
                pins.append(f"{pin} ; {with_extras(marker, [])}" if marker else pin)
    return pins


def project(pins: list[str]) -> str:
    """Return the wheel's pyproject.toml: the checkout's, with a command, the pins and a backend."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    head = text[: text.index("[dependency-groups]")]
    assert tomllib.loads(head)["project"]["optional-dependencies"]  # noqa: S101 - it comes last
    quoted = ",\n".join(f"    {pin!r}" for pin in pins)
    return (
        f'{head}locked = [\n{quoted},\n]\n\n[project.scripts]\nublog = "ublog.cli:main"\n{BACKEND}'
    )


def build(stage: Path) -> Path:
    """Return the wheel that setuptools, in the version of the lock, makes of this directory."""
    options = ("--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", "wheels")
    run(sys.executable, "-I", "-m", "pip", "--isolated", "wheel", *options, ".", directory=stage)
    return next((stage / "wheels").glob("*.whl"))


def run(*command: str, directory: Path = ROOT, environment: dict[str, str] | None = None) -> str:
    result = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{result.stdout}{result.stderr}μblog could not build its wheel (see above)")
    return result.stdout


if __name__ == "__main__":
    print(main(Path(*(sys.argv[1:] or [ROOT / "dist"]))))
