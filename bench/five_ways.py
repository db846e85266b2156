"""Write the generated parts of docs/five-ways.md: `python -m bench.five_ways`.

The text of the page is written by hand, but for its blocks, which end with `<!-- end -->`. After
`<!-- code list -->` is the code of an operation, taken from the source; after
`<!-- figures list -->` what `make bench` has measured last; after `<!-- plot five -->` what it has
drawn, here and in README.md; after `<!-- lines five -->` the count of all lines of each interface.
"""

import json
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from ublog.interfaces.compare import figures
from ublog.interfaces.compare.code import Definition, count, parsed
from ublog.interfaces.compare.counts import besides, code, elsewhere, lines
from ublog.interfaces.compare.operations import INTERFACES, MEASURED

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "five-ways.md"
README = ROOT / "README.md"
LATEST = ROOT / "bench" / "results" / "latest.json"
BLOCK = re.compile(r"(<!-- (code|figures|lines|plot) (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

PLOTS = {
    "five": "CPU of each operation through each interface",
    "ladder": "CPU of a list of posts, beside a bare server, plain DRF and FastAPI",
    "flatness": "A page of a thousand posts and of a million",
}


def link(path: str) -> str:
    return f"[{path.removeprefix('ublog/interfaces/')}](../{path})"


def listed(definitions: list[Definition], most: int) -> str:
    """List definitions by file with the number of their lines: each, up to `most` of a file."""
    files = []
    for path, group in groupby(definitions, lambda one: one.path):
        found = list(group)
        each = ", ".join(f"`{one.name}` {one.lines()}" for one in found)
        total = f"{len(found)} definitions {sum(one.lines() for one in found)}"
        files.append(f"{link(path)}: {each if len(found) <= most else total}")
    return "; ".join(files)


def lines_block() -> str:
    """Return the table of all lines of each interface, and the list of what it needs elsewhere."""
    head = "| | six operations | its file | elsewhere | together |\n|---|--:|--:|--:|--:|\n"
    rows = lists = ""
    for interface, style in INTERFACES.items():
        own = count(parsed(style.path)[0])
        others = sum(one.lines() for one in elsewhere(interface))
        shown = sum(lines(one.verb, interface)[1] for one in MEASURED.values())
        rows += f"| {style.title} | {shown} | {own} | {others} | {own + others} |\n"
        needs = listed(elsewhere(interface), 99)
        lists += f"- **{style.title}**: {link(style.path)} {own}; {needs}\n"
    summary = "<details><summary>What each needs elsewhere</summary>"
    return f"{head}{rows}\n{summary}\n\n{lists}\n</details>\n"


def code_block(operation: str) -> str:
    verb = MEASURED[operation].verb
    parts = [
        f"**{style.title}** · {link(style.path)}\n\n"
        f"```python\n{code(verb, interface)}\n```\n"
        f"{needs_line(besides(verb, interface))}"
        for interface, style in INTERFACES.items()
    ]
    return "\n".join(parts)


def needs_line(definitions: list[Definition]) -> str:
    return f"\nBesides: {listed(definitions, 6)}\n" if definitions else ""


def figures_block(operation: str, results: dict[str, Any] | None) -> str:
    """Return the table of lines and measurements: logged in, four requests at a time.

    The measurements are those on PostgreSQL, if there are any.
    """
    head = "| | lines | shown | queries | CPU ms | p50 ms | p99 ms | bytes |\n"
    head += "|---|--:|--:|--:|--:|--:|--:|--:|\n"
    rows = {row["target"]: row for row in measured(operation, results)}
    table = []
    for interface, style in INTERFACES.items():
        every, own = lines(MEASURED[operation].verb, interface)
        table.append(f"| {style.title} | {every} | {own} | {cells(rows.get(interface))} |\n")
    return head + "".join(table) + f"\n{origin(rows, results)}\n"


def measured(operation: str, results: dict[str, Any] | None) -> list[dict[str, Any]]:
    rows = [
        row
        for row in (results or {}).get("rows", [])
        if row["operation"] == operation and row["who"] == "logged in"
    ]
    database = min((row["database"] for row in rows), default=None)
    return [row for row in rows if row["database"] == database]


def cells(row: dict[str, Any] | None) -> str:
    if row is None:
        return " | ".join(["not measured"] * 5)
    queries = "" if row["queries"] is None else row["queries"]
    times = (row["cpu_us"] / 1000, row["p50_ms"], row["p99_ms"])
    return " | ".join([str(queries), *(f"{time:.1f}" for time in times), f"{row['bytes']:,}"])


def origin(rows: dict[str, dict[str, Any]], results: dict[str, Any] | None) -> str:
    if not rows or results is None:
        return "*Not measured yet: `make bench`.*"
    machine, database = results["machine"], next(iter(rows.values()))["database"]
    return (
        f"*Logged in, {database}, 100,000 posts, four requests at a time, "
        f"{machine['cores']} cores of {machine['cpu']}, {machine['date'][:10]}, "
        f"commit {machine['commit']}.*"
    )


def written(page: str, results: dict[str, Any] | None, kinds: tuple[str, ...]) -> str:
    """Return the page with its blocks of these kinds written again."""

    def block(found: re.Match[str]) -> str:
        begin, kind, operation, end = found.groups()
        if kind not in kinds:
            return found.group(0)
        match kind:
            case "plot":
                made = plot(operation)
            case "lines":
                made = lines_block()
            case "code":
                made = code_block(operation)
            case _:
                made = figures_block(operation, results)
        return f"{begin}\n{made}\n{end}"

    return BLOCK.sub(block, page)


def plot(name: str) -> str:
    """Return the image if `make bench` has drawn it; its path is relative to the repository."""
    path = ROOT / "docs" / "images" / f"bench-{name}.svg"
    return f"![{PLOTS[name]}]({path.relative_to(ROOT)})" if path.exists() else ""


def for_the_page(results: dict[str, Any]) -> dict[str, Any]:
    """Return what the page `/compare/` shows of the measurements, beside those of its own runs."""
    machine = results["machine"]
    rows = {operation: measured(operation, results) for operation in MEASURED}
    return {
        "date": machine["date"][:10],
        "database": next(row["database"] for found in rows.values() for row in found),
        "rows": {
            operation: {
                row["target"]: {"queries": row["queries"], "cpu_ms": round(row["cpu_us"] / 1000, 1)}
                for row in found
                if row["target"] in INTERFACES
            }
            for operation, found in rows.items()
        },
    }


def write() -> None:
    results = json.loads(LATEST.read_text()) if LATEST.exists() else None
    if results and measured("like", results):
        figures.FILE.write_text(json.dumps(for_the_page(results), indent=1) + "\n")
    for page in (PAGE, README):
        text = written(page.read_text(), results, ("code", "figures", "lines", "plot"))
        if page == PAGE:
            text = text.replace("](docs/images/bench-", "](images/bench-")
        page.write_text(text)


if __name__ == "__main__":
    write()
