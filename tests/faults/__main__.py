"""Run all faults one after the other, and print a table of what was lost: `make faults`.

    python -m tests.faults [--long] [G1 G6 …]

Each is a process of its own, which prints its figures and ends with status 1 when they are worse
than required. bench/results/faults.json keeps the last run of each. Faults that are tested by
contract or domain tests run those.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from tests.faults.site import ROOT

RESULTS = ROOT / "bench/results/faults.json"
PATIENCE = 600  # seconds; a long one has an hour
WORDS = {"ok": "ok", "failed": "FAILED", "skipped": "skipped"}


@dataclass
class Fault:
    """`short` and `long` are the options of its module, or the tests to run."""

    name: str
    about: str
    short: str = ""
    long: str = ""
    tests: str = ""

    def command(self, long: bool) -> list[str]:
        if self.tests:
            return [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *self.there()]
        module = f"tests.faults.{self.name.lower()}"
        return [sys.executable, "-m", module, *(self.long if long else self.short).split()]

    def there(self) -> list[str]:
        return [path for path in self.tests.split() if (ROOT / path).exists()]


FAULTS = [
    Fault("G1", "a web process is killed every 2 s", "--seconds 30", "--seconds 60"),
    Fault("G2", "reload, rolling restart", "--requests 5000", "--requests 20000"),
    Fault("G3", "SIGTERM to web and worker", "--tasks 200", "--tasks 2000"),
    Fault("G4", "the worker is killed", "--quick --tasks 400 --kills 12"),
    Fault("G5", "Redis stops, and hangs", "--seconds 10", "--seconds 60"),
    Fault("G6", "PostgreSQL restarts, back ends die"),
    Fault("G7", "the disk is full"),
    Fault("G8", "many like at once", tests="tests/contract/test_liking_together.py"),
    Fault("G9", "two editors", tests="tests/contract/test_stale_edits.py"),
    Fault("G10", "sent twice", tests="tests/contract/test_publishing_once.py"),
    Fault("G11", "many processes count in SQLite", "--times 100", "--times 250"),
    Fault("G12", "a backup under load, restored elsewhere", "--seconds 10", "--seconds 60"),
    Fault("G13", "everything is killed", "--kills 8", "--kills 20"),
    Fault("G14", "the next release migrates", "--posts 20000", "--posts 1000000"),
    Fault("G15", "half of the peak, for long", "--minutes 2", "--minutes 30"),
    Fault(
        "G16",
        "all that one client may do, at once",
        "--rounds 2",
        "--rounds 5 --posts 200000 --each",
    ),
    Fault("E5", "slow clients", "", "--rounds 10 --turns 40"),
    Fault("G17", "beat's files damaged, the clock a day ahead and back"),
    Fault("C1", "the costliest picture of each kind; eight huge ones at once"),
]


@dataclass
class Row:
    name: str
    about: str
    status: str
    seconds: float
    output: list[str]
    long: bool
    when: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--long", action="store_true", help="as long as the security bar says")
    parser.add_argument("names", nargs="*", metavar="G1", help="these only")
    options = parser.parse_args()
    chosen = [fault for fault in FAULTS if not options.names or fault.name in options.names]
    rows = []
    for fault in chosen:
        if fault.tests and not fault.there():
            continue
        print(f"… {fault.name} {fault.about}", flush=True)
        rows.append(run(fault, options.long))
        show(rows[-1])
    keep(rows)
    failed = [row.name for row in rows if row.status == "failed"]
    took = sum(row.seconds for row in rows)
    print(f"{len(rows)} faults in {took:.0f} s; worse than promised: {', '.join(failed) or 'none'}")
    return int(bool(failed))


def run(fault: Fault, long: bool) -> Row:
    """Run a scenario in a process group, so that all of it can be ended when it takes too long."""
    began = time.monotonic()
    process = subprocess.Popen(
        fault.command(long),
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("UBLOG_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        process_group=0,
    )
    try:
        output, _ = process.communicate(timeout=PATIENCE * (12 if long else 1))
    except BaseException as end:
        os.killpg(process.pid, signal.SIGTERM)
        output = process.communicate()[0] + "\nIt took too long."
        if not isinstance(end, subprocess.TimeoutExpired):
            raise
    status = "failed" if process.returncode else "ok"
    if not fault.tests and f"{fault.name} skipped" in output:
        status = "skipped"
    lines = [line for line in output.splitlines() if line.strip()]
    kept = figures(fault, lines) if status != "failed" else lines[-25:]
    took, now = round(time.monotonic() - began, 1), datetime.now(UTC).isoformat(timespec="seconds")
    return Row(fault.name, fault.about, status, took, kept, long, now)


def figures(fault: Fault, lines: Sequence[str]) -> list[str]:
    """Return the figures that a scenario printed; for tests the last line, which counts them."""
    return list(lines[-1:]) if fault.tests else [ln for ln in lines if ln.startswith(fault.name)]


def show(row: Row) -> None:
    for number, line in enumerate(row.output or [""]):
        head = f"{row.name:4} {WORDS[row.status]:8} {row.seconds:4.0f} s  " if not number else ""
        print(f"{head:20}{line.removeprefix(row.name + ' ')}", flush=True)


def keep(rows: list[Row]) -> None:
    """Store the results in place of earlier ones of the same faults."""
    known = json.loads(RESULTS.read_text())["faults"] if RESULTS.exists() else []
    last = {row["name"]: row for row in [*known, *map(asdict, rows)]}
    on = {"python": platform.python_version(), "system": platform.platform()}
    report = {
        "machine": {**on, "cores": os.cpu_count()},
        "faults": [last[fault.name] for fault in FAULTS if fault.name in last],
    }
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.exit(main())
