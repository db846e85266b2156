"""What `make bench` has measured last: `measured.json`, which it writes."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("measured.json")


@cache
def measured() -> dict[str, Any]:
    """Return the figures by operation and interface, with their date and database; {} without."""
    found: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    return found


def figures_of(operation: str, interface: str) -> dict[str, Any]:
    """Return what was measured of an operation, by its name in the bench; {} if nothing was."""
    figures: dict[str, Any] = measured().get("rows", {}).get(operation, {}).get(interface, {})
    return figures
