"""The goals that are about the whole product: its start, its memory, its pictures, its load."""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bench.load import load
from bench.measure import memory_mb
from bench.requests import Person, Request, ask, mixture
from bench.servers import ROOT, Server, environment, free_port, wait_for

IDLE = 15  # seconds until the worker and beat have started and are quiet


@contextmanager
def supervised(
    command: list[str], cwd: Path, variables: dict[str, str]
) -> Iterator[tuple[Server, float]]:
    """Run the whole product. Yield its server and the seconds until it responded."""
    port = free_port()
    variables = {**variables, "UBLOG_SITE_URL": f"http://127.0.0.1:{port}"}
    for name in ("DATABASE_URL", "CELERY_BROKER_URL", "DJANGO_SETTINGS_MODULE"):
        variables.pop(name, None)
    command = [part.replace("PORT_", str(port)) for part in command]
    log = Path(variables["UBLOG_DATA_DIR"]).parent / "product.log"
    with open(log, "ab") as output:
        process = subprocess.Popen(
            command, cwd=cwd, env=variables, stdout=output, stderr=output, process_group=0
        )
    try:
        yield Server("product", port, process.pid), wait_for(port, process, 600)
    finally:
        with suppress(ProcessLookupError):  # it may not even have started
            os.killpg(process.pid, signal.SIGTERM)  # and `make`, if that has started it
        process.wait(90)


SUPERVISOR = [sys.executable, "-m", "ublog.run.supervisor", "--port", "PORT_"]


def start_and_memory() -> dict[str, float]:
    """Measure P10: seconds to the first response, with an empty data directory and again; idle MB.

    The packages of the bench and the tests are installed here, and our libraries load some.
    """
    with tempfile.TemporaryDirectory(prefix="ublog-bench-") as directory:
        variables = environment("", UBLOG_DATA_DIR=f"{directory}/data")
        with supervised(SUPERVISOR, ROOT, variables) as (_, first):
            time.sleep(2)
        with supervised(SUPERVISOR, ROOT, variables) as (server, again):
            time.sleep(IDLE)
            memory = memory_mb(server.pid)
    return {"first_start_s": first, "start_s": again, "memory_mb": memory}


def from_nothing() -> dict[str, Any]:
    """Measure P11: a fresh clone, `make run`, the first post; and P10 with its packages only."""
    with tempfile.TemporaryDirectory(prefix="ublog-bench-") as directory:
        started, clone = time.monotonic(), Path(directory) / "clone"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        variables = environment("", UBLOG_DATA_DIR=f"{directory}/data")
        for name in ("VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            variables.pop(name, None)
        command = ["make", "run", "PORT=PORT_", f"DATA={directory}/data"]
        with supervised(command, clone, variables) as (server, _):
            status = server.fetch(ask("rest-functions", "create", Person()))[0]
            seconds = time.monotonic() - started
            time.sleep(IDLE)
            memory = memory_mb(server.pid)
    return {"first_post_s": seconds, "status": status, "memory_mb": memory}


def pictures() -> dict[str, float]:
    """Measure P12, in a process of its own, so that its peak of memory is that of the images."""
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        for step in ("draw", "measure"):  # drawing needs memory, too
            ran = subprocess.run(
                [sys.executable, "-m", "bench.product", step, file.name],
                cwd=ROOT,
                env=environment("sqlite://"),
                capture_output=True,
                text=True,
                check=True,
            )
    measured: dict[str, float] = json.loads(ran.stdout)
    return measured


def draw(path: str) -> None:
    """Draw a photograph of 12 megapixels."""
    from PIL import Image

    noise = Image.effect_noise((4000, 3000), 24)
    wide = Image.linear_gradient("L").resize((4000, 3000))
    Image.merge("RGB", (noise, wide, Image.blend(noise, wide, 0.5))).save(path, quality=90)


def measure_picture(path: str) -> dict[str, float]:
    """Return the CPU seconds of the request (accept) and of the worker (renditions)."""
    import django

    django.setup()
    from django.core.files.base import ContentFile

    from ublog.blog import images

    content = Path(path).read_bytes()
    before = cpu()
    accepted = images.accept(ContentFile(content, "picture.jpg"))
    between = cpu()
    accepted.seek(0)
    images.renditions(accepted)
    after = cpu()
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    peak = most * 1024 / 1e6
    return {
        "megabytes": len(content) / 1e6,
        "accept_s": between - before,
        "renditions_s": after - between,
        "peak_mb": peak,
    }


def cpu() -> float:
    """Return the CPU seconds of this process and of the decoders that it started."""
    parts = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(part.ru_utime + part.ru_stime for part in parts)


def mixed(database: Path, people: dict[str, Person], posts: int, seconds: int) -> dict[str, Any]:
    """Measure P13: nine reads for each write, on SQLite, with worker and beat."""
    with tempfile.TemporaryDirectory(prefix="ublog-bench-") as directory:
        data = Path(directory) / "data"
        data.mkdir()
        shutil.copy(database, data / "ublog.sqlite3")
        variables = environment("", UBLOG_DATA_DIR=str(data))
        with supervised(SUPERVISOR, ROOT, variables) as (server, _):
            sent: list[Request] = mixture(
                "rest-functions", people["writer"], list(range(posts - 500, posts))
            )
            load(server.port, sent, seconds=2, connections=4)
            return load(server.port, sent, seconds=seconds, connections=8)


if __name__ == "__main__":
    step, path = sys.argv[1:]
    if step == "draw":
        draw(path)
    else:
        print(json.dumps(measure_picture(path)))
