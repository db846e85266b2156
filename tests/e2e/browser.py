"""Which browser the tests drive: one of the system's, else the one that Playwright has fetched."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import playwright
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
    if missing_library():
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def can_be_driven() -> bool:
    return missing_library() is None and find() is not None


def missing_library() -> str | None:
    """Return the library that Playwright's own Node lacks, such as libatomic.so.1; else None."""
    node = Path(playwright.__file__).parent / "driver" / "node"
    output = subprocess.run([node, "--version"], capture_output=True, text=True).stderr
    found = re.search(r"error while loading shared libraries: ([^:]+):", output)
    return found[1] if found else None


def must_be_there() -> bool:
    """Return whether a missing browser is a failure, as in CI. Elsewhere its tests are skipped."""
    return os.environ.get("CI", "").lower() in ("1", "true")
