"""Short forms of the fault scenarios; the long ones are run by hand: see docs/operations.md."""

import os
import shutil
import subprocess
import sys

import pytest

from tests.faults import nginx
from tests.faults.site import ROOT
from tests.settings import POSTGRES_URL

pytestmark = pytest.mark.xdist_group("start")


def run(scenario: str, *options: str) -> str:
    """Run a scenario. Return what it prints. Raise an AssertionError when it fails."""
    command = [sys.executable, "-m", f"tests.faults.{scenario}", *options]
    # The site must not get the environment of these tests.
    kept = ("PATH", "UBLOG_TEST_POSTGRES_URL")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


@pytest.mark.parametrize("broker", ["embedded", "redis"])
def test_no_task_is_lost_when_the_worker_is_killed(broker):
    if broker == "redis" and not shutil.which("redis-server"):
        pytest.skip("Redis is not installed")
    said = run("g4", "--quick", "--tasks", "40", "--kills", "2", "--broker", broker)
    assert " 0 lost" in said


@pytest.mark.skipif(not nginx.PROGRAM, reason="nginx is not installed")
def test_no_request_fails_during_a_reload_or_a_rolling_restart():
    said = run("g2", "--requests", "100")
    assert " 0 failed" in said
    assert " 0 lost" in said


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the sockets of a process")
def test_requests_in_flight_are_finished_before_a_stop():
    said = run("g3", "--quick", "--tasks", "20")
    assert "8 of 8 posts in flight were stored" in said
    assert "0 lost, 0 repeated" in said


def test_without_postgresql_the_site_responds_with_503_and_nothing_is_lost():
    said = run("g6", "--quick")
    if "skipped" in said:
        pytest.skip(said)
    assert " 0 other failures" in said
    assert " 0 lost" in said


def test_processes_that_write_to_sqlite_do_not_lock_each_other_out():
    said = run("g11", "--processes", "4", "--times", "40")
    assert " 0 × database is locked, 0 processes failed, the sum is 160 of 160" in said


def test_nothing_is_lost_when_everything_is_killed():
    said = run("g13", "--kills", "2")
    assert " 0 lost, integrity ok" in said


@pytest.mark.skipif(os.getuid() != 0, reason="only root may mount a small disk")
def test_a_full_disk_is_a_507_and_leaves_no_partial_file():
    said = run("g7")
    if "skipped" in said:
        pytest.skip(said)
    assert "0 files left behind" in said


@pytest.mark.parametrize("way", ["sqlite sqlite", "sqlite postgresql", "postgresql sqlite"])
def test_a_backup_under_load_is_restored_elsewhere(way):
    source, target = way.split()
    if "postgresql" in way and not POSTGRES_URL:
        pytest.skip("PostgreSQL is not tested in this run")
    said = run("g12", "--source", source, "--target", target, "--seconds", "0")
    assert "0 posts stored before and not in them" in said


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_no_request_fails_during_a_migration(kind):
    if kind == "postgresql" and not POSTGRES_URL:
        pytest.skip("PostgreSQL is not tested in this run")
    assert " 0 × 5xx" in run("g14", "--database", kind, "--posts", "2000")
