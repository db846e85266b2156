"""C1, C12: the costliest picture of each kind, and eight of 35 megapixels at once.

Those eight take 0.3 MB to send and 140 MB to decode. Who waits for more than 5 s gets a 503, and
sends again.

    python -m tests.faults.c1

Ends with status 1 when decoding one of a kind takes more than 250 MB or 2 s of CPU; when with eight
the web processes and decoders take more than 300 MB more, a web process dies, one of the eight is
not accepted in the end, or one that is too large is.
"""

import io
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image

from tests.costly_pictures import KINDS
from tests.faults.site import NO_LIMITS, ROOT, Site, eventually, is_up, site
from ublog.core.request_size import MAX_IMAGE

DECODER = [sys.executable, "-I", str(ROOT / "ublog" / "blog" / "decoder")]
AT_ONCE = 8
LIMIT = 300  # MB
MAX_PEAK, MAX_SECONDS = 250, 2.0  # MB and seconds of CPU for one
# Run the command that follows with the same input, and print what it took. Only there is it the
# only child, whose peak `getrusage` returns.
MEASURE = """
import json, resource, subprocess, sys
ran = subprocess.run(sys.argv[1:], stdin=sys.stdin, capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
line = ran.stdout.split(b"\\n")[0].decode() or f"error {ran.returncode}"
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, line]))
"""


def main() -> int:
    bad = bool(sum(too_costly(kind, make()) for kind, make in KINDS.items()))
    with site(**NO_LIMITS) as made:
        made.start("web")
        eventually(lambda: is_up(made.port))
        made.publish(png((100, 100)))
        bad = scenario(made, "at the limit", png((6_800, 5_100)), {201}) or bad
        return int(scenario(made, "over it", png((13_000, 13_000)), {400}) or bad)


def too_costly(kind: str, content: bytes) -> bool:
    """Decode one in a process of its own, and return whether it costs more than C1 allows."""
    command = [sys.executable, "-c", MEASURE, *DECODER, "accept"]
    ran = subprocess.run(command, input=content, capture_output=True, check=True)
    seconds, peak, result = json.loads(ran.stdout)
    print(
        f"{kind}: {len(content) / 2**20:.1f} MiB: {seconds:.2f} s of CPU, {peak:.0f} MB, {result}",
        flush=True,
    )
    small = len(content) <= MAX_IMAGE
    return not small or peak > MAX_PEAK or seconds > MAX_SECONDS or "error" in result


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
