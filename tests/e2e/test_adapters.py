"""The contract of the app's adapters, which the mock keeps, holds against a running server."""

import re
import subprocess

import pytest

from tests.e2e.conftest import PASSWORD
from tools.frontend import FRONTEND, environment, node

VITEST = FRONTEND / "node_modules" / "vitest" / "vitest.mjs"
FILES = ["tests/contract/adapters.test.ts", "tests/contract/accounts.test.ts"]


@pytest.fixture
def run_contract(site, member):
    """Return a function that runs the contract against the server and returns the report."""
    member("alice", display_name="Alice Lindqvist")
    member("bob")

    def run() -> subprocess.CompletedProcess[str]:
        command = [str(node() / "bin" / "node"), str(VITEST), "run", "--no-color", *FILES]
        variables = {"UBLOG_SERVER": site, "UBLOG_PASSWORD": PASSWORD, "NO_COLOR": "1"}
        return subprocess.run(
            command,
            cwd=FRONTEND,
            env={**environment(), **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )

    return run


@pytest.mark.skipif(not VITEST.exists(), reason="the packages of frontend/ are not installed")
def test_the_adapters_and_the_server_agree(run_contract):
    report = run_contract()
    assert report.returncode == 0, report.stdout
    passed = re.search(r"Tests\s+(\d+) passed", report.stdout)
    assert passed, report.stdout
    assert int(passed[1]) >= 40
