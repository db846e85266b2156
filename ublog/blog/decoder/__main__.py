"""The process: bounds, one job with standard input, the result to standard output."""

import json
import resource
import sys
from contextlib import suppress
from pathlib import Path

if not __package__:  # then Python has put this directory first
    sys.path[0] = str(Path(__file__).parents[3])

from ublog.blog.decoder.errors import NotAcceptable
from ublog.blog.decoder.jobs import JOBS, EncodedImage

# What the process may use. C1 allows 2 s and 250 MB, on a slower machine more.
MAX_CPU = 10  # seconds
MAX_MEMORY = 400 * 2**20  # bytes of address space, of which libraries take 60 MB


def main(job: str) -> None:
    """Do one of JOBS with standard input, and write the result to standard output."""
    set_resource_limits()
    try:
        write(JOBS[job](sys.stdin.buffer.read()))
    except NotAcceptable as error:
        sys.stdout.write(json.dumps({"error": str(error)}))


def set_resource_limits() -> None:
    """Bound the CPU time and memory of this process: an image may exploit a decoder."""
    bounds = {
        resource.RLIMIT_CPU: MAX_CPU,
        resource.RLIMIT_AS: MAX_MEMORY,
        resource.RLIMIT_FSIZE: 0,  # it writes no file
        resource.RLIMIT_CORE: 0,
    }
    for kind, most in bounds.items():
        with suppress(ValueError, OSError):  # a system that does not know it, or allows less
            resource.setrlimit(kind, (most, most))
    with suppress(OSError):  # proc(5): when memory is short, end this process first
        Path("/proc/self/oom_score_adj").write_text("1000")


def write(results: dict[str, EncodedImage]) -> None:
    """Write a line of JSON, then the contents.

    The line is [[name, extension, width, height, bytes, colour], …].
    """
    head = [[name, *one[:3], len(one.content), one.color] for name, one in results.items()]
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for one in results.values():
        sys.stdout.buffer.write(one.content)


if __name__ == "__main__":
    main(sys.argv[1])
