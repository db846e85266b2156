"""The wheel: build it, and install it into an environment that knows nothing of the checkout.

That environment borrows the packages that the tests run with, so that no network is needed; that
those are what the wheel asks for is a test of its own.
"""

import subprocess
import sys
import venv
from pathlib import Path
from sysconfig import get_path

ROOT = Path(__file__).resolve().parents[1]


def build(target: Path) -> Path:
    """Return the wheel, which `make dist` would write into this directory with its companions."""
    command = [sys.executable, ROOT / "tools" / "dist.py", target]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    return next(target.glob("*.whl"))


def install(wheel: Path, directory: Path) -> Path:
    """Return the program `ublog` of a new environment in this directory."""
    venv.create(directory, symlinks=True)
    site = next(directory.glob("lib/python*/site-packages"))
    (site / "borrowed.pth").write_text(f"{get_path('purelib')}\n")
    pip = [sys.executable, "-I", "-m", "pip", "--isolated", "--python", directory / "bin/python"]
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--quiet", wheel], check=True)
    return directory / "bin" / "ublog"
