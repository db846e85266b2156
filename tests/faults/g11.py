"""G11: many processes read a row of SQLite, change what they read, and write it back.

    python -m tests.faults.g11 [--processes 8] [--times 250]

Ends with status 1 when one of them met an error, such as "database is locked", or a change is lost.
"""

import argparse
import os
import sys

from tests.faults.site import Site, eventually, site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--times", type=int, default=250)
    parser.add_argument("--count", type=int, help="be one of them, which counts in that post")
    options = parser.parse_args()
    if options.count:
        return count(options.count, options.times)
    os.environ.pop("DATABASE_URL", None)  # it is about SQLite
    with site() as made:
        return scenario(made, options.processes, options.times)


def scenario(made: Site, processes: int, times: int) -> int:
    from ublog.blog.models import Post

    post = Post.objects.create(body="0")
    made.environment["DJANGO_SETTINGS_MODULE"] = "ublog.settings"
    command = [sys.executable, "-m", "tests.faults.g11", "--times", str(times)]
    for number in range(processes):
        made.launch(f"counting {number}", [*command, "--count", str(post.pk)])
    statuses: list[int | None] = []

    def ended() -> bool:
        statuses[:] = [process.poll() for process in made.running.values()]
        return None not in statuses

    eventually(ended, patience=300)
    post.refresh_from_db()
    failed = sum(map(bool, statuses))
    print(
        f"G11 {processes} processes × {times} read-modify-writes on SQLite: "
        f"{(made.data.parent / 'log').read_text().count('database is locked')} × database is "
        f"locked, {failed} processes failed, the sum is {post.body} of {processes * times}"
    )
    return int(failed or int(post.body) != processes * times)


def count(pk: int, times: int) -> int:
    """Add one, `times` times, each in a transaction that begins by reading."""
    import django

    django.setup()
    from django.db import transaction

    from ublog.blog.models import Post

    for _ in range(times):
        with transaction.atomic():
            read = int(Post.objects.get(pk=pk).body)
            Post.objects.filter(pk=pk).update(body=str(read + 1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
