"""G16: all costly requests of one client at once, and the list beside them (P19).

    python -m tests.faults.g16 [--rounds 3] [--seconds 5] [--posts 20000] [--each]

One client sends long texts to registration, log-in and posts, photographs, right passwords,
searches, GraphQL documents at the limit, all at once and as fast as there are responses, beside
fifty slow uploads, fifty silent connections and ten that do not read. The limits are those of every
site. In turns with phases without it, another person asks for the list every 50 ms. --each has the
kinds one by one, too, to see which is to blame. Ends with status 1 when the list's median is more
than 3 times as long, when it fails, or the client has a response that nobody should get: none, 5xx,
503 without Retry-After.
"""

import argparse
import statistics
import sys
import time
from collections import Counter
from contextlib import ExitStack

from tests.faults.costly import KINDS, Costly
from tests.faults.e5 import taken
from tests.faults.load import Load
from tests.faults.site import Site, eventually, is_up, site
from tests.faults.slow import SlowClients

MOST = 3  # times the median alone
EVERY = 0.05  # seconds between requests for the list
SLOW = {"uploads": 50, "silent": 50, "unread": 10}
ANOTHER = "127.0.0.2"  # where the person is who reads the list
BATCH = 1_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--each", action="store_true")
    options = parser.parse_args()
    with site() as made:
        _, email = Load(made.url).sign_up("costly")
        fill(options.posts)
        for name in ("web", "worker", "beat"):
            made.start(name)
        eventually(lambda: is_up(made.port))
        if options.each:
            for kind in ("slow", *KINDS):
                compare(made, email, [kind], options.rounds, options.seconds)
        return compare(made, email, ["slow", *KINDS], options.rounds, options.seconds)


def fill(number: int) -> None:
    """Create anonymous posts of some length."""
    from ublog.blog.models import Post

    for start in range(0, number, BATCH):
        many = range(start, min(start + BATCH, number))
        Post.objects.bulk_create(Post(body=f"Post {one} is about a river. " * 5) for one in many)


def compare(made: Site, email: str, kinds: list[str], rounds: int, seconds: float) -> int:
    """Measure the list alone and beside these kinds, alternating. Return 1 when it is too slow."""
    alone: list[float] = []
    beside: list[float] = []
    statuses: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for _ in range(rounds):
        alone += watch(made.port, seconds)
        with ExitStack() as stack:
            costly = stack.enter_context(Costly(made.url, email, [k for k in kinds if k != "slow"]))
            if "slow" in kinds:
                slow = stack.enter_context(SlowClients(made.port, **SLOW))
            beside += watch(made.port, seconds)
        for kind, seen in costly.result.items():
            statuses[kind].update(seen)
        if "slow" in kinds:
            statuses["slow"].update(slow.result)
    return report(kinds, alone, beside, statuses)


def watch(port: int, seconds: float) -> list[float]:
    """Return the seconds of each request for the list; infinite when it failed."""
    seen, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        seen.append(taken(port, ANOTHER))
        time.sleep(EVERY)
    return seen


def report(
    kinds: list[str], alone: list[float], beside: list[float], statuses: dict[str, Counter[str]]
) -> int:
    ratio = statistics.median(beside) / statistics.median(alone)
    failed = sum(one == float("inf") for one in alone + beside)
    wrong = {
        kind: bad
        for kind, seen in statuses.items()
        if (bad := {status: count for status, count in seen.items() if not right(status)})
    }
    name = "all at once" if len(kinds) > 1 else kinds[0]
    print(
        f"G16 {name}: the list's median {statistics.median(alone) * 1000:.1f} → "
        f"{statistics.median(beside) * 1000:.1f} ms ({ratio:.2f} ×), {failed} of "
        f"{len(alone) + len(beside)} failed; should not be: {wrong or 'none'}",
        flush=True,
    )
    for kind in kinds:
        print(f"G16   {kind}: {dict(sorted(statuses[kind].items()))}", flush=True)
    return int(ratio > MOST or failed > 0 or bool(wrong))


def right(status: str) -> bool:
    """Return whether a client with too many requests may get this status.

    A slow upload is a post like others, so it meets the limit of anonymous posts.
    """
    return status in ("503", "connected again") or 200 <= int(status) < 500


if __name__ == "__main__":
    sys.exit(main())
