"""What the tests need beside Python packages: a PostgreSQL, a browser and nginx.

    python -m tests.needs            install what is missing, where that may be done
    python -m tests.needs left-out   say in one line what was not tested, and what to install

With `clients` before it, both are about `make test-clients`.

Root on Debian or Ubuntu has apt install it; elsewhere Playwright may fetch a browser. What is
still missing leaves its tests out, which is a failure only in CI.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests import postgres
from tests.e2e import browser
from tests.faults import nginx

FONTS = ["fonts-liberation", "fonts-noto-color-emoji"]


@dataclass(frozen=True)
class Need:
    """A program: which tests are left out without it, and what Debian calls it."""

    tests: str
    packages: list[str]
    is_there: Callable[[], bool]


def is_program(name: str) -> bool:
    return shutil.which(name) is not None


NEEDS = [
    Need("PostgreSQL", ["postgresql"], postgres.can_be_had),
    Need("the browser tests", ["chromium", "libatomic1", *FONTS], browser.can_be_driven),
    Need("nginx", ["nginx-light"], nginx.is_installed),
]
# Each of these is a program of the same name.
CLIENTS = [
    Need(package, [package], partial(is_program, package))
    for package in ("newsboat", "w3m", "lynx")
]
CLIENTS += [Need("the checker of HTML", ["default-jre-headless"], partial(is_program, "java"))]


def missing(needs: list[Need]) -> list[Need]:
    return [need for need in needs if not need.is_there()]


def install(needs: list[Need]) -> None:
    """Install what is missing; say what could not be installed."""
    if (lacking := missing(needs)) and os.getuid() == 0 and shutil.which("apt-get"):
        apt_install([name for need in lacking for name in need.packages])
    if needs is NEEDS and not browser.find() and browser.missing_library() is None:
        fetch_browser()
    for need in missing(needs):
        print(f"μblog: {need.tests} will not be tested ({how(need)})", flush=True)


def apt_install(packages: list[str]) -> None:
    print(f"μblog: installing {' '.join(packages)} for the tests, with apt-get", flush=True)
    quiet = ["--quiet", "--quiet", "--yes", "--no-install-recommends"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "--quiet", "--quiet"], ["install", *quiet, *packages]):
        call = ["apt-get", *command]
        result = subprocess.run(call, env=environment, capture_output=True, text=True)
        if result.returncode:
            print(result.stderr, end="", flush=True)


def fetch_browser() -> None:
    """Have Playwright fetch its Chromium, in silence: where it cannot, `how` says what to do."""
    print("μblog: having Playwright fetch a browser", flush=True)
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        subprocess.run(command, timeout=300, **silent)
    except subprocess.TimeoutExpired:
        return


def how(need: Need) -> str:
    return f"on Debian or Ubuntu: apt install {' '.join(need.packages)}"


def left_out(needs: list[Need]) -> int:
    """Say what was not tested. Return 1 if that was something and this is CI."""
    lacking = missing(needs)
    if not lacking:
        print("== All of it was tested")
        return 0
    what = "; ".join(f"{need.tests} ({how(need)})" for need in lacking)
    print(f"== NOT tested: {what}")
    return int(browser.must_be_there())


if __name__ == "__main__":
    wanted = CLIENTS if "clients" in sys.argv else NEEDS
    sys.exit(left_out(wanted) if "left-out" in sys.argv else install(wanted))
