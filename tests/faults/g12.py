"""G12: a backup is made while users write and delete, and is restored on another site.

    python -m tests.faults.g12 [--source sqlite|postgresql] [--target sqlite|postgresql]
                               [--seconds 20]

Writers post pictures and delete what they posted, backups are made one after the other, and the
last is restored into an empty site on the other database. Ends with status 1 unless each backup
is whole, everything stored before it began is in it, and the restored site serves the same posts
and pictures.
"""

import argparse
import hashlib
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.faults.g5 import picture
from tests.faults.site import NO_LIMITS, Site, eventually, is_up, site

WRITERS = 3
SERVER = os.environ.get("UBLOG_TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1:5432/x")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--source", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--target", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    with (
        database("source", options.source) as first,
        database("target", options.target) as second,
        site(**NO_LIMITS, **first) as made,
    ):
        other = Site(made.data.parent / "elsewhere", **NO_LIMITS, **second)
        if options.target == "sqlite":
            other.environment.pop("DATABASE_URL", None)
        try:
            return scenario(made, other, options)
        finally:
            other.stop()
            close()


@contextmanager
def database(name: str, kind: str) -> Iterator[dict[str, str]]:
    """Yield the environment variables of a site with a new database of that kind."""
    if kind == "sqlite":
        yield {}
        return
    server, name = SERVER.rpartition("/")[0], f"ublog_{name}_{os.getpid()}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(f"CREATE DATABASE {name}")
        try:
            yield {"DATABASE_URL": f"{server}/{name}"}
        finally:
            administrator.execute(f"DROP DATABASE {name} WITH (FORCE)")


def close() -> None:
    from django.db import connection

    connection.close()


def scenario(made: Site, other: Site, options: argparse.Namespace) -> int:
    made.start("web")
    eventually(lambda: is_up(made.port))
    stop, end = threading.Event(), time.monotonic() + options.seconds
    load = Load(made, stop)
    backups = []
    try:
        eventually(lambda: len(load.posts) >= 10)
        while not backups or time.monotonic() < end:
            before = set(load.posts)
            made.run("manage.py", "backup", "--to", str(made.data.parent / "backups"))
            backups = sorted((made.data.parent / "backups").glob("ublog-backup-*"))
            made.run("manage.py", "verify", str(backups[-1]))
            load.posts_missed += len(load.still(before) - set(rows(backups[-1])))
    finally:
        stop.set()
        load.wait()
    other.data.mkdir(mode=0o700)
    other.run("manage.py", "restore", str(backups[-1]))
    other.start("web")
    eventually(lambda: is_up(other.port))
    return report(made, other, options, load, backups)


class Load:
    """Writers: each publishes posts with images by HTTP, and deletes every third."""

    def __init__(self, made: Site, stop: threading.Event) -> None:
        self.made, self.stop = made, stop
        self.posts: set[int] = set()  # acknowledged and not deleted
        self.gone: set[int] = set()
        self.failed = self.posts_missed = 0
        self.threads = [threading.Thread(target=self.write) for _ in range(WRITERS)]
        for thread in self.threads:
            thread.start()

    def write(self) -> None:
        from ublog.blog.models import Post

        number, image = 0, picture()
        while not self.stop.is_set():
            number += 1
            status, body = self.made.post(image if number % 2 else None)
            if status != 201:
                self.failed += 1
                continue
            key = json.loads(body)["id"]
            self.posts.add(key)
            if number % 3 == 0:
                self.gone.add(key)
                self.posts.discard(key)
                Post.objects.get(pk=key).delete()
            time.sleep(0.01)
        close()

    def still(self, keys: set[int]) -> set[int]:
        return keys - self.gone

    def wait(self) -> None:
        for thread in self.threads:
            thread.join()


def rows(backup: Path) -> dict[int, str]:
    """Return the posts of a backup: the name of the image by id."""
    import sqlite3

    with sqlite3.connect(f"file:{backup}/database.sqlite3?immutable=1", uri=True) as database:
        found = dict(database.execute("SELECT id, image FROM blog_post"))
    database.close()
    return found


def served(made: Site) -> dict[int, tuple[str, str]]:
    """Return every post of the site by id: its JSON, and the SHA-256 of its image."""
    found, path = {}, "/api/fbv/posts/?page_size=100"
    while path:
        page = json.loads(made.fetch(path)[1])
        for post in page["results"]:
            content = b""
            if post["image"]:
                status, content = made.fetch(post["image"]["url"])
                assert status == 200, post
            found[post["id"]] = (json.dumps(post), hashlib.sha256(content).hexdigest())
        path = (page["next"] or "").replace(made.url, "")
    return found


def report(
    made: Site, other: Site, options: argparse.Namespace, load: Load, backups: list[Path]
) -> int:
    here, there, kept = served(made), served(other), rows(backups[-1])
    differ = sum(here[key] != there[key] for key in here.keys() & there.keys())
    pictures = sum(bool(name) for name in kept.values())
    print(
        f"G12 {options.source} → {options.target}: {len(backups)} backups under load, all whole; "
        f"{load.posts_missed} posts stored before and not in them; writes failed "
        f"{load.failed} times; restored {len(there)} of {len(kept)} posts with {pictures} "
        f"pictures; {differ} of {len(here.keys() & there.keys())} served differently"
    )
    wrong = load.posts_missed or load.failed or differ or there.keys() != kept.keys()
    return int(bool(wrong) or not pictures)


if __name__ == "__main__":
    sys.exit(main())
