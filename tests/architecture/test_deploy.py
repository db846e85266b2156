"""The units and files in deploy/ are well formed, and need few rights."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = ["ublog.target", "ublog-web.socket", "ublog-web.service", "ublog-beat.service"]
SERVICES = ["ublog-web.service", "ublog-worker@1.service", "ublog-beat.service"]
EXPOSED_AT_MOST = "20"  # of 100, as systemd-analyze counts; a service without limits has 96

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze") or not Path("/usr/lib/systemd/system").is_dir(),
    reason="systemd is not installed",
)


@pytest.fixture
def root(tmp_path) -> Path:
    """Create a root directory in which the units are installed."""
    shutil.copytree(DEPLOY / "systemd", tmp_path / "etc/systemd/system")
    shutil.copytree("/usr/lib/systemd/system", tmp_path / "usr/lib/systemd/system", symlinks=True)
    for program in ("opt/ublog/current/bin/ublog", "bin/kill"):
        (tmp_path / program).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / program).write_text("#!/bin/sh\n")
        (tmp_path / program).chmod(0o755)
    return tmp_path


@needs_systemd
def test_the_units_are_well_formed(root):
    command = ["systemd-analyze", "verify", f"--root={root}", *UNITS, "ublog-worker@1.service"]
    done = subprocess.run(command, capture_output=True, text=True)
    ours = [line for line in done.stderr.splitlines() if "ublog" in line]
    assert (done.returncode, ours) == (0, [])


@needs_systemd
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_has_few_rights(root, service):
    options = ["--offline=true", f"--root={root}", f"--threshold={EXPOSED_AT_MOST}"]
    done = subprocess.run(["systemd-analyze", "security", *options, service], capture_output=True)
    assert done.returncode == 0, done.stdout.decode()


def test_no_secret_is_in_the_image():
    named = re.compile(r"(SECRET|TOKEN_KEY|PASSWORD)\w*[=:] *['\"]?[\w-]{6,}")
    files = [path for path in DEPLOY.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert files
    assert [path.name for path in files if named.search(path.read_text())] == []
