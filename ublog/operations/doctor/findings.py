"""The findings of checks, and how to run a check of something that may be broken or hang."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, Queue

from django.db import connections

from ublog.core.observability.masking import summary

PATIENCE = 20.0  # seconds for each check


@dataclass(frozen=True)
class Finding:
    """A line of the report. `level` is "ok", "warning" or "problem"; `advice` says what to do."""

    level: str
    about: str
    text: str
    advice: str = ""

    def __str__(self) -> str:
        advice = f"\n{'':10}→ {self.advice}" if self.advice else ""
        return f"{self.level:9} {self.about}: {self.text}{advice}"


def ok(about: str, text: str) -> Finding:
    return Finding("ok", about, text)


def warning(about: str, text: str, advice: str) -> Finding:
    return Finding("warning", about, text, advice)


def problem(about: str, text: object, advice: str) -> Finding:
    return Finding("problem", about, summary(text), advice)


Check = Callable[[], Iterator[Finding]]


def run_check(about: str, advice: str, check: Check) -> Iterator[Finding]:
    """Yield the findings of a check. That it raises or takes too long is a problem itself.

    It runs in a thread of its own, which is abandoned when it hangs.
    """
    found: Queue[Finding | None] = Queue()

    def run() -> None:
        try:
            for finding in check():
                found.put(finding)
        except Exception as failure:
            found.put(problem(about, str(failure) or type(failure).__name__, advice))
        finally:
            connections.close_all()
            found.put(None)

    threading.Thread(target=run, daemon=True, name=f"doctor {about}").start()
    try:
        while finding := found.get(timeout=PATIENCE):
            yield finding
    except Empty:
        yield problem(about, f"no result within {PATIENCE:.0f} s", advice)
