"""CPU and memory on Linux, of a process and all that it has started."""

import ctypes
import time
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
LIBC = ctypes.CDLL(None)


def stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the third on (proc(5))."""
    return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()


def tree(pid: int) -> list[int]:
    """Return the ids of the process and its descendants."""
    children: dict[int, list[int]] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                children.setdefault(int(stat(int(entry.name))[1]), []).append(int(entry.name))
            except OSError:  # it has just ended
                continue
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def cpu_seconds(pid: int) -> float:
    """Return user and system time of the tree, by clock_getcpuclockid(3).

    The /proc of most kernels counts in hundredths of a second only.
    """
    clock, total = ctypes.c_int(), 0.0
    for one in tree(pid):
        with suppress(OSError):  # it has just ended
            if not LIBC.clock_getcpuclockid(one, ctypes.byref(clock)):
                total += time.clock_gettime(clock.value)
    return total


def memory_mb(pid: int) -> float:
    """Return the proportional set size of the tree: a page of n processes counts 1/n each."""
    total = 0
    for one in tree(pid):
        try:
            lines = (PROC / str(one) / "smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / 1e6
