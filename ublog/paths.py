"""Where μblog finds its own files, and where it keeps a site's data.

From a checkout the files are those of the checkout. An installed wheel has in `ublog/site` what
the checkout has outside `ublog`: gunicorn's settings, the manifest of the front end, and the
static files, collected and compressed.
"""

import os
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


def static_root(data: Path) -> Path:
    """Return the directory of the collected static files.

    Beside the code, unless they could neither be written nor read there: a read-only checkout,
    or one whose files another user has made.
    """
    beside = ROOT / "staticfiles"
    writable = os.access(beside if beside.exists() else ROOT, os.W_OK)
    readable = os.access(beside / "staticfiles.json", os.R_OK)
    return beside if writable or readable else data / "staticfiles"
