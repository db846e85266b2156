"""C1, C12: eight images of 40 megapixels at once, which take 20 kB to send and 160 MB to decode.

Those that wait for more than 5 s get a 503, and are sent again.

    python -m tests.faults.c1

Ends with status 1 when the web processes and decoders take more than 300 MB more, when a web
process dies, when one of the eight is not accepted in the end, or when one that is too large is.
"""

import io
import os
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from tests.faults.site import NO_LIMITS, Site, eventually, is_up, site

AT_ONCE = 8
LIMIT = 300  # MB


def main() -> int:
    with site(**NO_LIMITS) as made:
        made.start("web")
        eventually(lambda: is_up(made.port))
        made.publish(png((100, 100)))
        bad = scenario(made, "at the limit", png((7_900, 5_060)), {201})
        return int(scenario(made, "over it", png((13_000, 13_000)), {400}) or bad)


def png(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("L", size, 90).convert("LA" if size[0] < 10_000 else "L").save(file, "PNG")
    return file.getvalue()


def scenario(made: Site, kind: str, image: bytes, right: set[int]) -> bool:
    before, workers, most = memory(made), workers_of(made), [0.0]
    finished = threading.Event()

    def watch() -> None:
        while not finished.is_set():
            most[0] = max(most[0], memory(made))
            time.sleep(0.005)

    watching = threading.Thread(target=watch)
    watching.start()
    with ThreadPoolExecutor(AT_ONCE) as people:
        tries = list(people.map(lambda _: until_taken(made, image), range(AT_ONCE)))
    finished.set()
    watching.join()
    more, lost = most[0] - before, len(workers - workers_of(made))
    statuses = Counter(statuses[-1] for statuses in tries)
    print(
        f"C1 {kind}: {AT_ONCE} images of {len(image) // 1024} KiB: statuses {dict(statuses)}, "
        f"after {sum(map(len, tries)) - AT_ONCE} × 503, + {more:.0f} MB, {lost} workers lost"
    )
    return more > LIMIT or lost > 0 or set(statuses) != right


def until_taken(made: Site, image: bytes) -> list[int]:
    """Send an image, again after each 503 when its Retry-After is over. Return the statuses."""
    statuses = [made.publish(image)]
    while statuses[-1] == 503 and len(statuses) < 20:
        time.sleep(2)
        statuses.append(made.publish(image))
    return statuses


def workers_of(made: Site) -> set[int]:
    """Return the process ids of the web process and its workers."""
    parent = made.running["web"].pid
    return {parent, *children(parent)}


def children(parent: int) -> set[int]:
    """Return the ids of the child processes of each thread; none if the process has ended."""
    lists = Path(f"/proc/{parent}/task").glob("*/children")
    try:
        return {int(child) for one in lists for child in one.read_text().split()}
    except OSError:
        return set()


def memory(made: Site) -> float:
    """Return the memory of the processes and their decoders, in MB."""
    workers = workers_of(made)
    return sum(map(proportional, workers.union(*map(children, workers))))


def proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    sys.exit(main() if os.path.exists("/proc/self/smaps_rollup") else 0)
