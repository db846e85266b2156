"""The browser of the tests: one of the system, else the one that Playwright has installed.

python -m tests.e2e.browser      prints in one line what to install if there is no browser
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
    """Return the path of the program, or None."""
    found = [path for path in map(shutil.which, NAMES) if path]
    return found[0] if found else fetched()


def fetched() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def must_be_there() -> bool:
    """Return whether a missing browser is a failure, as in CI. Elsewhere its tests are skipped."""
    return os.environ.get("CI", "").lower() in ("1", "true")


if __name__ == "__main__" and find() is None:
    print(f"μblog: {MISSING}", file=sys.stderr)
    sys.exit(must_be_there())
