"""G14: the next release migrates while the previous one, which is this one, serves.

    python -m tests.faults.g14 [--database sqlite|postgresql] [--posts 20000] [--tests]

Readers and writers go on while a column and an index are added. Ends with status 1 on a response
5xx, or when a post that was acknowledged is not there. `--posts 1000000` is the whole of it and
takes minutes to fill; `--tests` then runs this release's contract on the new schema.
"""

import argparse
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter

from tests.faults.g12 import close, database
from tests.faults.next_schema import migrate
from tests.faults.site import NO_LIMITS, ROOT, Site, eventually, is_up, site

READS = ("/api/fbv/posts/", "/fbv/posts/", "/api/cbv/posts/?q=hello")
AFTER = 20  # responses to each visitor before the migration, and after it


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--tests", action="store_true")
    options = parser.parse_args()
    with (
        database("migrated", options.database) as variables,
        site(UBLOG_LIMIT_ANONYMOUS_SEARCH="1000000/minute", **NO_LIMITS, **variables) as made,
    ):
        try:
            status = scenario(made, options)
        finally:
            close()
    return status or (contract(options.database) if options.tests else 0)


def scenario(made: Site, options: argparse.Namespace) -> int:
    fill(options.posts)
    made.start("web")
    eventually(lambda: is_up(made.port))
    stop = threading.Event()
    visitors = [Visitor(made, stop, path) for path in (*READS, "", "")]
    try:
        eventually(lambda: all(len(visitor.seen) >= AFTER for visitor in visitors), 300)
        started = time.monotonic()
        migrate()
        took = time.monotonic() - started
        during = sum(begun >= started for each in visitors for begun, _, _ in each.seen)
        marks = [len(visitor.seen) + AFTER for visitor in visitors]
        eventually(
            lambda: all(len(each.seen) >= mark for each, mark in zip(visitors, marks, strict=True)),
            300,
        )
    finally:
        stop.set()
        for visitor in visitors:
            visitor.join()
    return report(visitors, options, took, during)


def fill(posts: int) -> None:
    """Create posts, as many as given."""
    from ublog.blog.models import Post

    batch = 5_000
    for start in range(0, posts, batch):
        numbers = range(start, min(start + batch, posts))
        Post.objects.bulk_create([Post(body=f"Hello number {number}") for number in numbers])


class Visitor(threading.Thread):
    """Requests one page again and again; without a path, publishes posts."""

    def __init__(self, made: Site, stop: threading.Event, path: str) -> None:
        super().__init__()
        self.made, self.ended, self.path = made, stop, path
        self.seen: list[tuple[float, float, int]] = []  # begun, seconds, status
        self.posted: set[int] = set()
        self.start()

    def run(self) -> None:
        while not self.ended.is_set():
            begun = time.monotonic()
            try:
                status, body = self.made.fetch(self.path) if self.path else self.made.post()
            except OSError:
                status, body = 599, b""
            self.seen.append((begun, time.monotonic() - begun, status))
            if status == 201:
                self.posted.add(json.loads(body)["id"])
            time.sleep(0.02)


def report(visitors: list[Visitor], options: argparse.Namespace, took: float, during: int) -> int:
    from ublog.blog.models import Post

    posted = set().union(*(visitor.posted for visitor in visitors))
    lost = len(posted) - Post.objects.filter(pk__in=posted).count()
    statuses = Counter(status for each in visitors for _, _, status in each.seen)
    bad = sum(number for status, number in statuses.items() if status >= 500)
    slowest = max(seconds for each in visitors for _, seconds, _ in each.seen)
    print(
        f"G14 {options.database}, {options.posts:,} posts: migrated in {took:.1f} s, {during} "
        f"requests during it; {dict(statuses)}, {bad} × 5xx, slowest {slowest:.2f} s; "
        f"{lost} of {len(posted)} acknowledged posts lost"
    )
    return int(bad > 0 or lost > 0 or not posted or set(statuses) != {200, 201})


def contract(kind: str) -> int:
    """Run this release's contract tests on the new schema. Return the exit status."""
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "tests.faults.next_schema"]
    tests += ["-n", "1", "tests/contract"]
    postgres = [sys.executable, "-m", "tests.postgres"] if kind == "postgresql" else []
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run([*postgres, *tests], cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
