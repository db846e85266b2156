"""G5: Redis stops, or accepts connections and never responds; posts succeed, and nothing is lost.

    python -m tests.faults.g5 [--seconds 60]

Publishes posts with images before, during and after. Redis goes away while the worker runs a task,
which the worker then cannot acknowledge. Ends with status 1 on a response 5xx, when the slowest
twentieth became slower by more than 50 ms, or when a task of that time is not done within 60 s of
Redis' return.
"""

import argparse
import io
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import Image

from tests.faults.site import NO_LIMITS, Site, eventually, free_port, is_up, redis_on, site

PATIENCE = 60.0  # seconds after its return
EXTRA = 0.05  # seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    port = free_port()
    with site(REDIS_URL=f"redis://127.0.0.1:{port}/0", **NO_LIMITS) as made:
        redis_on(made, port)
        for name in ("web", "worker", "beat"):
            made.start(name)
        eventually(lambda: is_up(made.port))
        post(made, 5, None)
        usual = post(made, 100, None)
        bad = 0
        for fault in (stopped, hanging):
            have_it_work(made)
            with fault(made, port):
                during = post(made, None, options.seconds)
            bad += report(fault.__name__, usual, during, eventually(nothing_waits, 120))
        return int(bad > 0)


@contextmanager
def stopped(made: Site, port: int) -> Iterator[None]:
    made.signal("redis", signal.SIGKILL)
    yield
    redis_on(made, port)


@contextmanager
def hanging(made: Site, port: int) -> Iterator[None]:
    made.signal("redis", signal.SIGSTOP)
    yield
    made.signal("redis", signal.SIGCONT)


def nothing_waits() -> bool:
    from ublog.core.models import OutboxEntry

    return not OutboxEntry.objects.exists()


def have_it_work(made: Site) -> None:
    """Return while the worker runs a task: a large image takes it a third of a second."""
    from ublog.core.models import OutboxEntry

    eventually(nothing_waits)
    made.publish(png(Image.new("RGB", (6000, 4000), "teal")))
    eventually(OutboxEntry.objects.filter(attempts__gt=0).exists)


def picture() -> bytes:
    return png(Image.effect_noise((64, 48), 40))


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def post(made: Site, number: int | None, seconds: float | None) -> list[tuple[float, int]]:
    """Publish posts with images, `number` of them or for `seconds`. Return (seconds, status)."""
    image = picture()
    seen, end = [], time.monotonic() + (seconds or 3600)
    while time.monotonic() < end and len(seen) < (number or 10**9):
        started = time.monotonic()
        status = made.publish(image)
        seen.append((time.monotonic() - started, status))
        time.sleep(0.2)
    return seen


def slow(seen: list[tuple[float, int]]) -> float:
    """Return the 95th percentile of the durations."""
    return sorted(duration for duration, _ in seen)[len(seen) * 95 // 100]


def report(
    fault: str, usual: list[tuple[float, int]], seen: list[tuple[float, int]], after: float
) -> int:
    errors = sum(status >= 500 for _, status in seen)
    print(
        f"G5 Redis {fault}: {len(seen)} posts, {errors} responses 5xx, "
        f"p95 {slow(usual) * 1000:.0f} → {slow(seen) * 1000:.0f} ms, "
        f"slowest {max(seen)[0] * 1000:.0f} ms, all done {after:.0f} s after its return"
    )
    return int(errors > 0 or slow(seen) > slow(usual) + EXTRA or after > PATIENCE)


if __name__ == "__main__":
    sys.exit(main())
