"""Which browser the tests drive: one of the system's, else the one that Playwright has fetched.

python -m tests.e2e.browser      says in one line what to install when there is none
"""

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
MISSING = (
    "no browser for the browser tests: install Chromium (Debian: apt install chromium; "
    "elsewhere: .venv/bin/python -m playwright install chromium)"
)


def find() -> str | None:
    """The program's path."""
    found = [path for path in map(shutil.which, NAMES) if path]
    return found[0] if found else fetched()


def fetched() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def must_be_there() -> bool:
    """In CI a missing browser is a failure, elsewhere its tests are left out."""
    return os.environ.get("CI", "").lower() in ("1", "true")


if __name__ == "__main__" and find() is None:
    print(f"μblog: {MISSING}", file=sys.stderr)
    sys.exit(must_be_there())
