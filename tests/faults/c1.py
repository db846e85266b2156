"""C1: eight pictures of 40 megapixels at once, which take 20 kB to send and 160 MB to decode.

    python -m tests.faults.c1

Ends with status 1 when the web processes take more than 300 MB more, when one is lost, or when
a picture too large to be accepted is.
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

from tests.faults.site import NO_LIMITS, Site, answers, eventually, site

AT_ONCE = 8
LIMIT = 300  # MB


def main() -> int:
    with site(**NO_LIMITS) as made:
        made.start("web")
        eventually(lambda: answers(made.port))
        made.publish(png((100, 100)))
        bad = scenario(made, "at the limit", png((7_900, 5_060)), {201})
        return int(scenario(made, "over it", png((13_000, 13_000)), {400}) or bad)


def png(size: tuple[int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("L", size, 90).convert("LA" if size[0] < 10_000 else "L").save(file, "PNG")
    return file.getvalue()


def scenario(made: Site, kind: str, image: bytes, right: set[int]) -> bool:
    before, workers, most = memory(made), family(made), [0.0]
    finished = threading.Event()

    def watch() -> None:
        while not finished.is_set():
            most[0] = max(most[0], memory(made))
            time.sleep(0.005)

    watching = threading.Thread(target=watch)
    watching.start()
    with ThreadPoolExecutor(AT_ONCE) as people:
        statuses = Counter(people.map(made.publish, [image] * AT_ONCE))
    finished.set()
    watching.join()
    more, lost = most[0] - before, len(workers - family(made))
    print(
        f"C1 {kind}: {AT_ONCE} pictures of {len(image) // 1024} KiB: answers {dict(statuses)}, "
        f"+ {more:.0f} MB, {lost} workers lost"
    )
    return more > LIMIT or lost > 0 or set(statuses) != right


def family(made: Site) -> set[int]:
    """The web process and its workers."""
    parent = made.running["web"].pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {parent, *map(int, children)}


def memory(made: Site) -> float:
    """What they hold together, in MB."""
    return sum(map(proportional, family(made)))


def proportional(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


if __name__ == "__main__":
    sys.exit(main() if os.path.exists("/proc/self/smaps_rollup") else 0)
