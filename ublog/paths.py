"""Where μblog finds its own files, and where it keeps a site's data.

From a checkout the files are those of the checkout. An installed wheel has in `ublog/site` what
the checkout has outside `ublog`: gunicorn's settings, the manifest of the front end, and the
static files, collected and compressed.
"""

import os
import shlex
import sys
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
INSTALLED = (PACKAGE / "site").is_dir()
ROOT = PACKAGE / "site" if INSTALLED else PACKAGE.parent


def default_data_dir() -> Path:
    """Return where a site's data is when UBLOG_DATA_DIR does not say.

    `data` in a checkout; for an installed wheel the platform's place for a user's data: the XDG
    Base Directory Specification, on macOS Apple's File System Programming Guide.
    """
    if not INSTALLED:
        return ROOT / "data"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "ublog"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "ublog"


DEFAULT_DATA_DIR = str(default_data_dir())


def how_to(command: str, data: str | Path = DEFAULT_DATA_DIR, source: str | Path = "") -> str:
    """Return what to type for a command on this data directory: of make, or of the wheel.

    `source` is the directory that the command reads, if it reads one.
    """
    elsewhere = str(data) != str(Path(DEFAULT_DATA_DIR).resolve())
    place, read = (shlex.quote(str(path)) for path in (data, source))
    if INSTALLED:
        words = [f"UBLOG_DATA_DIR={place}" if elsewhere else "", "ublog", command]
        words.append(read if source else "")
    else:
        words = ["make", command, f"FROM={read}" if source else ""]
        words.append(f"DATA={place}" if elsewhere else "")
    return " ".join(filter(None, words))


def how_to_manage(command: str) -> str:
    """Return what to type for one of Django's management commands."""
    return f"ublog manage {command}" if INSTALLED else f"manage.py {command}"


def option(name: str, value: object) -> str:
    """Return what to type for an option of `make run` or of `ublog run`."""
    return f"--{name} {value}" if INSTALLED else f"{name.upper()}={value}"


def static_root(data: Path) -> Path:
    """Return the directory of the collected static files.

    Beside the code, unless they could neither be written nor read there: a read-only checkout,
    or one whose files another user has made.
    """
    beside = ROOT / "staticfiles"
    writable = os.access(beside if beside.exists() else ROOT, os.W_OK)
    readable = os.access(beside / "staticfiles.json", os.R_OK)
    return beside if writable or readable else data / "staticfiles"
