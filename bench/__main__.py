"""Measure μblog, or a part: `python -m bench [run|quick|ladder|flatness|profile|report]`.

See bench/README.md.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psycopg

from bench import cells, databases, five_ways, inside, plots, product, report
from bench.flatness import flatness
from bench.ladder import POSTS, Ladder
from bench.load import find_wrk
from bench.progress import say
from bench.servers import BEFORE, ROOT, environment

RESULTS = ROOT / "bench" / "results"
PROFILE = RESULTS / "profile.json"


def profiled() -> dict[str, Any]:
    """Profile the CPU of each operation through each interface, on both databases."""
    rows: list[dict[str, Any]] = []
    with databases.engines() as engines:
        for engine in engines:
            say(f"{engine.name}: where the CPU goes")
            with databases.copied(engine, POSTS) as database:
                listed = cells.profiled(*inside.log_in(database), POSTS)
                sent = cells.as_json([cell.requests[0] for cell in listed])
                profiles = inside.call(database, "profile", sent)
                for cell, found in zip(listed, profiles, strict=True):
                    rows.append({"database": engine.name, **cell.place, **found})
    return {"machine": machine(), "rows": rows}


def machine() -> dict[str, Any]:
    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    packages = ("django", "djangorestframework", "graphene", "gunicorn", "psycopg", "orjson")
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit_of(ROOT),
        "cpu": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "load_before": os.getloadavg()[0],
        "python": f"{platform.python_version()} ({python_build()})",
        **{name: version(name) for name in packages},
    }


def commit_of(checkout: Path) -> str:
    command = ["git", "describe", "--always", "--dirty"]
    described = subprocess.run(command, cwd=checkout, capture_output=True, text=True)
    return described.stdout.strip()


def python_build() -> str:
    """Return how this Python was built, which alone is worth a fifth of the CPU."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    return "with PGO" if "--enable-optimizations" in arguments else "without PGO"


def postgresql_version(engine: databases.Engine) -> str:
    with psycopg.connect(engine.url("postgres")) as connection:
        return str(connection.info.parameter_status("server_version"))


def attempt(name: str, measure: Callable[[], Any]) -> Any:
    """Return what it measures. Print and return a failure, so that the others are measured."""
    say(name)
    try:
        return measure()
    except Exception as failure:
        say(f"{name}: FAILED, {type(failure).__name__}: {failure}")
        return {"failed": f"{type(failure).__name__}: {failure}"[:500]}


def run(what: str, rounds: int, seconds: int, only: list[str]) -> dict[str, Any]:
    """Measure everything, or what is asked for. Return the results."""
    quick = what == "quick"
    results: dict[str, Any] = {"machine": machine(), "quick": what != "run"}
    if BEFORE:
        results["machine"]["before"] = commit_of(BEFORE)
    results |= {"rows": [], "watching": [], "flatness": [], "failures": {}}
    subprocess.run(
        [sys.executable, "manage.py", "prepare"],
        cwd=ROOT,
        env=environment(f"sqlite:///{databases.CACHE}/prepare.sqlite3"),
        check=True,
    )
    with databases.engines() as engines:
        for engine in engines:
            if isinstance(engine, databases.Postgresql):
                results["machine"]["postgresql"] = postgresql_version(engine)
            if what != "flatness":
                ladder = Ladder(engine, quick, rounds, only)
                found = attempt(f"{engine.name}: the ladder", ladder.run)
                store(results, f"ladder on {engine.name}", found)
            if what in ("run", "flatness"):
                found = attempt(f"{engine.name}: flatness", lambda e=engine: flatness(e, rounds))
                store(results, f"flatness on {engine.name}", found)
    if what in ("run", "quick"):
        measure_product(results, quick, seconds)
    return report.summarised(results)


def measure_product(results: dict[str, Any], quick: bool, seconds: int) -> None:
    """Measure what is about the whole product, into the results."""
    results["start"] = attempt("start and idle memory", product.start_and_memory)
    results["pictures"] = attempt("a picture of 12 megapixels", product.pictures)
    if not quick:
        results["first_post"] = attempt("a fresh clone to its first post", product.from_nothing)
    results["mixed"] = attempt(f"mixed load, {seconds} s", lambda: mixed(seconds))


def store(results: dict[str, Any], name: str, found: dict[str, Any]) -> None:
    if "failed" in found:
        results["failures"][name] = found["failed"]
    else:
        for part, rows in found.items():
            results[part] += rows


def mixed(seconds: int) -> dict[str, Any]:
    sqlite = databases.Sqlite()
    with databases.copied(sqlite, POSTS) as url:
        people, _ = inside.log_in(url)
        path = Path(url.removeprefix("sqlite:///"))
        return product.mixed(path, people, POSTS, seconds)


def write(path: Path, results: dict[str, Any]) -> None:
    path.write_text(json.dumps(results, indent=1) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    choices = ["run", "quick", "ladder", "flatness", "profile", "report"]
    parser.add_argument("what", nargs="?", default="run", choices=choices)
    parser.add_argument("--rounds", type=int, help="of each cell (5; quick: 2)")
    parser.add_argument("--mixed", type=int, help="seconds of mixed load (300; quick: 30)")
    parser.add_argument("--only", nargs="+", help="operations of the ladder, instead of all")
    options = parser.parse_args()
    quick, is_part = options.what == "quick", options.what in ("quick", "ladder", "flatness")
    path = RESULTS / (f"{options.what}.json" if is_part else "latest.json")
    RESULTS.mkdir(exist_ok=True)
    if is_part or options.what == "run":
        find_wrk()
        rounds = options.rounds or (2 if quick else 5)
        seconds = options.mixed or (30 if quick else 300)
        write(path, run(options.what, rounds, seconds, options.only))
    if options.what in ("run", "profile"):
        write(PROFILE, profiled())
    results = json.loads(path.read_text())
    text = report.text(results, json.loads(PROFILE.read_text()))
    print(text)
    if not is_part:
        (RESULTS / "report.md").write_text(text)
        plots.draw(results)
        five_ways.write()
    say(f"stored in {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
