"""The report: a summary of each cell, and each goal with the figure that was reached."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bench.profile import NAMES
from bench.requests import GROWING, INTERFACES, PAGES, READS
from bench.servers import PEERS

REST = ("rest-functions", "rest-viewset")
UNDER_LOAD = ("p50_ms", "p99_ms", "requests_s")
BUDGETS = {"list": 1, "detail": 1, "like": 3, "create": 4}
# A browser's session costs two queries a request: the session and its user.
BROWSING = 2


@dataclass(frozen=True)
class Line:
    """A figure and its goal; `reached` is None if it was not measured."""

    goal: str
    what: str
    reached: float | None
    limit: float
    unit: str
    detail: str = ""

    @property
    def verdict(self) -> str:
        if self.reached is None:
            return "not measured"
        return "held" if self.reached <= self.limit else "**missed**"


def summarised(results: dict[str, Any]) -> dict[str, Any]:
    """Return the results with medians and ratios.

    `ratio` is CPU a request divided by that of the bare server, round by round, as median, minimum
    and maximum; `ratio_under_load` is that under load.
    """
    bare = {
        (row["database"], row["operation"], row["who"]): row
        for row in results["rows"]
        if row["target"] == "bare"
    }
    for row in results["rows"]:
        row["cpu_us"] = statistics.median(one["cpu_us"] for one in row["rounds"])
        for figure in UNDER_LOAD:
            row[figure] = statistics.median(one[figure] for one in row["loads"])
        row["errors"] = sum(one["errors"] for one in row["loads"])
        base = bare.get((row["database"], row["operation"].removesuffix(" again"), row["who"]))
        ratios = divided(row, base, "rounds")
        row["ratio"] = statistics.median(ratios) if ratios else None
        row["ratio_range"] = [min(ratios), max(ratios)] if ratios else None
        under_load = divided(row, base, "loads")
        row["ratio_under_load"] = statistics.median(under_load) if under_load else None
    return results


def divided(row: dict[str, Any], base: dict[str, Any] | None, part: str) -> list[float]:
    """Divide the CPU of each measurement by that of the base in the same round."""
    pairs = zip(row[part], base[part] if base else (), strict=False)
    return [one["cpu_us"] / other["cpu_us"] for one, other in pairs if other["cpu_us"]]


def chosen(results: dict[str, Any], targets: Iterable[str], operation: str) -> list[dict[str, Any]]:
    return [
        row for row in results["rows"] if row["target"] in targets and row["operation"] == operation
    ]


def worst(rows: list[dict[str, Any]]) -> tuple[float | None, str]:
    """Return the largest ratio, and where it was: a goal is held only if it is for all."""
    rows = [row for row in rows if row["ratio"]]
    if not rows:
        return None, ""
    row = max(rows, key=lambda one: one["ratio"])
    low, high = row["ratio_range"]
    place = f"{row['target']} on {row['database']}, {row['who']}"
    detail = f"{place}; {low:.1f} to {high:.1f}"
    if row["ratio_under_load"]:
        detail += f"; under load {row['ratio_under_load']:.1f}"
    return row["ratio"], detail


def goals(results: dict[str, Any]) -> list[Line]:
    """Return P1 to P13 in order, and of the later goals those that are measured beside them."""
    lines = []

    def ratio(goal: str, what: str, targets: Iterable[str], operation: str, limit: float) -> None:
        for database in databases(results):
            rows = chosen(results, targets, operation)
            rows = [row for row in rows if row["database"] == database]
            reached, place = worst(rows)
            lines.append(Line(goal, f"{what}, {database}", reached, limit, "× L1", place))

    ratio("P1", "REST list", REST, "list", 4)
    ratio("P2", "REST detail", REST, "detail", 3)
    ratio("P3", "GraphQL list", ["graphql"], "list", 6.5)
    ratio("P4", "list page", PAGES, "list", 6)
    ratio("P4", "list page that the reader has (ETag)", PAGES, "list again", 2)
    ratio("P5", "create by REST", REST, "create", 6)
    ratio("P5", "like by REST", REST, "like", 6)
    lines += [*compared(results), *flat(results), *queries(results), *watching(results)]
    tables = {row["operation"] for row in results["rows"] if row["target"] in INTERFACES}
    missing = {"list", "detail", "create", "edit", "delete", "like"} - tables
    lacking = None if results.get("quick") else len(missing)  # quick measures only some
    lines.append(Line("P9", "operations missing in the table of the five", lacking, 0, ""))
    return lines + product(results)


# What a goal compares: the goal, what is divided by what (each a target, an operation and who sends
# it), and the limit. To be ahead by half is to need two thirds. `before` is the earlier build.
LIST = ("rest-functions", "list", "anonymous")
OWN_LIST = ("rest-functions", "list", "logged in")
SEARCHES = [("rest-functions", name, "anonymous") for name in READS if name.startswith("search")]


def written(operation: str, target: str = "rest-functions") -> tuple[str, str, str]:
    return target, operation, "logged in"


COMPARED = [
    *(("P14", search, LIST, 10.0) for search in SEARCHES),
    ("P15", written("create"), written("create", "before"), 1.15),
    *(("P16", written("edit", each), written("create", each), 1.25) for each in (*REST, "before")),
    *(("P16", written("delete", each), written("create", each), 1.3) for each in (*REST, "before")),
    ("P20", ("rest-viewset", "list", "anonymous"), LIST, 1.3),
    ("P20", ("graphql", "list", "anonymous"), ("before graphql", "list", "anonymous"), 0.85),
    *(("P21", LIST, (peer, "list", "anonymous"), 1 / 1.5) for peer in PEERS),
    ("P23", LIST, ("before", "list", "anonymous"), 1.2),
    ("P23", OWN_LIST, ("before", "list", "logged in"), 1.2),
    ("P23", ("mastodon", "public timeline", "anonymous"), LIST, 1.3),
    ("P23", ("mastodon", "home timeline", "logged in"), OWN_LIST, 1.3),
    ("P23", ("feeds", "feed again", "anonymous"), ("bare", "list", "anonymous"), 2.0),
]


def compared(results: dict[str, Any]) -> list[Line]:
    """Return the goals of COMPARED, as far as both were measured."""
    rows = {
        (row["database"], row["target"], row["operation"], row["who"]): row
        for row in results["rows"]
    }
    lines = []
    for database in databases(results):
        for goal, one, other, limit in COMPARED:
            row, base = rows.get((database, *one)), rows.get((database, *other))
            if row and base:
                what = f"{' · '.join(one)} ÷ {' · '.join(other)}, {database}"
                lines.append(quotient(goal, what, row, base, limit))
        lines += mixed_searches(database, lines)
    return sorted(lines, key=lambda line: line.goal)


def mixed_searches(database: str, lines: list[Line]) -> list[Line]:
    """Return the median of all searches on that database, as P14 asks for."""
    ratios = [
        line.reached
        for line in lines
        if line.goal == "P14" and line.reached and line.what.endswith(database)
    ]
    if not ratios:
        return []
    detail = f"{min(ratios):.2f} to {max(ratios):.2f}"
    what = f"median of the searches, {database}"
    return [Line("P14", what, statistics.median(ratios), 2, "×", detail)]


def quotient(goal: str, what: str, row: dict[str, Any], base: dict[str, Any], limit: float) -> Line:
    """Divide the CPU of two cells, round by round: the median counts."""
    ratios = divided(row, base, "rounds")
    detail = f"{min(ratios):.2f} to {max(ratios):.2f}"
    return Line(goal, what, statistics.median(ratios), limit, "×", detail)


def databases(results: dict[str, Any]) -> list[str]:
    return sorted({row["database"] for row in results["rows"]}) or ["no database"]


def flat(results: dict[str, Any]) -> list[Line]:
    """Return P6 and P22. A ratio is that of the same round; the median of the rounds counts."""
    p50 = {
        (row["database"], row["what"], row["posts"]): row["p50_ms"] for row in results["flatness"]
    }
    if not p50:
        return [Line("P6", "a million posts against a thousand", None, 1.1, "×")]
    few, many = (find({posts for _, _, posts in p50}) for find in (min, max))
    lines = []
    for database in sorted({key[0] for key in p50}):
        for what, limit, base, compared in comparisons(p50, database, few, many):
            rounds = {
                name: [many_ms / few_ms for few_ms, many_ms in zip(base_ms, ours_ms, strict=True)]
                for name, base_ms, ours_ms in compared
            }
            ratios = {name: statistics.median(ratio) for name, ratio in rounds.items()}
            name = max(ratios, key=ratios.__getitem__)
            middle = statistics.median(ratios.values())
            detail = f"{name}; {min(rounds[name]):.2f} to {max(rounds[name]):.2f}; "
            detail += f"median of the interfaces {middle:.2f}; against {base}"
            lines.append(Line("P6", f"{what}, {database}", ratios[name], limit, "×", detail))
        lines += growing(p50, database, few, many)
    return lines


def growing(p50: dict[Any, list[float]], database: str, few: int, many: int) -> list[Line]:
    """Return P22: reads where there are many rows, divided by those where there are few."""
    lines = []
    for name in GROWING:
        base, read = (database, name, few), (database, name, many)
        if base in p50 and read in p50:
            ratios = [ours / theirs for theirs, ours in zip(p50[base], p50[read], strict=True)]
            detail = f"{min(ratios):.2f} to {max(ratios):.2f}; against {few:,} posts"
            what = f"{name}, {database}"
            lines.append(Line("P22", what, statistics.median(ratios), 1.1, "×", detail))
    return lines


def comparisons(p50: dict[Any, float], database: str, few: int, many: int) -> Iterable[Any]:
    """Yield what is compared: (name, p50s of the base, p50s) for each interface."""

    def pairs(base: str, size: int, what: str) -> list[tuple[str, list[float], list[float]]]:
        return [
            (
                interface,
                p50[database, f"{interface} {base}", size],
                p50[database, f"{interface} {what}", many],
            )
            for interface in INTERFACES
        ]

    sizes = f"{few:,} posts"
    yield "list", 1.1, sizes, pairs("list", few, "list")
    yield "list, logged in", 1.1, sizes, pairs("list, ten likes", few, "list, ten likes")
    yield "detail", 1.1, sizes, pairs("detail", few, "detail")
    yield "depth 100,000", 1.1, "the first page", pairs("list", many, "list, depth 100,000")
    what = "list, 100,000 likes"
    yield "reader of 100,000 likes", 1.2, "ten", pairs("list, ten likes", many, what)


def queries(results: dict[str, Any]) -> list[Line]:
    """Return P7. The queries of a page's session have a limit of their own."""
    lines = []
    for operation, budget in BUDGETS.items():
        for group, interfaces, limit in (
            ("REST and GraphQL", (*REST, "graphql"), budget),
            ("pages, with their session", PAGES, budget + BROWSING),
        ):
            rows = [
                row for row in chosen(results, interfaces, operation) if row["queries"] is not None
            ]
            limit = (
                budget
                if rows and rows[0]["who"] == "anonymous" and len({row["who"] for row in rows}) == 1
                else limit
            )
            if rows:
                most = max(rows, key=lambda row: row["queries"])
                place = f"{most['target']} on {most['database']}, {most['who']}"
                what = f"{operation}, {group}"
                lines.append(Line("P7", what, most["queries"], limit, "queries", place))
    return lines or [Line("P7", "queries", None, 0, "queries")]


def watching(results: dict[str, Any]) -> list[Line]:
    """Return P8: by how much the CPU of a REST list grows."""
    lines = []
    for database in databases(results):
        cells = {
            row["target"]: row["rounds"]
            for row in results["watching"]
            if row["database"] == database
        }
        for target, what in (
            ("without", "request log, headers, limits and timing together"),
            ("unlogged", "of which the request log"),
        ):
            if target not in cells:
                lines.append(Line("P8", f"{what}, {database}", None, 10, "%"))
                continue
            pairs = zip(cells["ublog"], cells[target], strict=True)
            grown = [(full["cpu_us"] / less["cpu_us"] - 1) * 100 for full, less in pairs]
            low, reached, high = statistics.quantiles(grown, n=4)
            detail = f"half of {len(grown)} measurements: {low:.1f} to {high:.1f} %"
            lines.append(Line("P8", f"{what}, {database}", reached, 10, "%", detail))
    return lines


def product(results: dict[str, Any]) -> list[Line]:
    """Return P10 to P13, and P17."""

    def of(part: str, name: str) -> float | None:
        return results.get(part, {}).get(name)

    mixed = results.get("mixed", {})
    p50, p99 = mixed.get("p50_ms"), mixed.get("p99_ms")
    share = f"p50 {p50:.1f} ms, p99 {p99:.1f} ms, {mixed['requests']} requests" if p50 else ""
    share += f" in {mixed['seconds']:.0f} s" if p50 else ""
    accept = of("pictures", "accept_s")
    beside = f"the request that accepts it: {accept:.2f} s" if accept else ""
    here, fresh = of("start", "memory_mb"), of("first_post", "memory_mb")
    tests = f"{here:.0f} MB where the tests' packages are installed, too" if here and fresh else ""
    return [
        Line("P17", "idle memory of make run (PSS)", fresh or here, 160, "MB", tests),
        Line("P10", "start to first response", of("start", "start_s"), 5, "s"),
        Line("P10", "the same with an empty data directory", of("start", "first_start_s"), 5, "s"),
        Line("P11", "fresh clone to first post", of("first_post", "first_post_s"), 90, "s"),
        Line("P12", "renditions, CPU", of("pictures", "renditions_s"), 0.5, "s", beside),
        Line("P12", "peak memory, accepting and renditions", of("pictures", "peak_mb"), 200, "MB"),
        Line("P13", "mixed load, errors", mixed.get("errors"), 0, "errors", share),
        Line("P13", "mixed load, p99 ÷ p50", p99 / p50 if p50 else None, 10, "×", share),
    ]


def text(results: dict[str, Any], profile: dict[str, Any]) -> str:
    """Return the report, in Markdown."""
    lines = ["# The bench", "", machine(results), "", "## The goals", ""]
    lines += ["| | what | reached | goal | | where, and from … to |", "|---|---|---|---|---|---|"]
    for line in goals(results):
        reached = "" if line.reached is None else f"{line.reached:.2f} {line.unit}"
        lines.append(
            f"| {line.goal} | {line.what} | {reached} | ≤ {line.limit:.3g} {line.unit} "
            f"| {line.verdict} | {line.detail} |"
        )
    lines += ["", "## All cells", ""]
    lines += [
        "CPU: microseconds a request, of all processes of the server, alternating with the others; "
        "medians of the rounds. Under load: each cell alone, with four clients at once.",
        "",
        "| database | what | CPU µs | ÷ L1 (from … to) | under load: ÷ L1 | p50 ms | p99 ms "
        "| a second | bytes | queries | errors |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *map(cell, results["rows"]),
        "",
        *where(profile),
    ]
    failed = {**results["failures"]}
    failed |= {
        name: part["failed"]
        for name, part in results.items()
        if isinstance(part, dict) and "failed" in part
    }
    if failed:
        lines += ["", "## Not measured, because it failed", ""]
        lines += [f"- {name}: {why}" for name, why in failed.items()]
    return "\n".join([*lines, ""])


def machine(results: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in results["machine"].items())


def where(profile: dict[str, Any]) -> list[str]:
    """Return the table of the shares of a request's CPU."""
    lines = ["## Where the CPU of a request goes", "", machine(profile), ""]
    lines += ["Without gunicorn; shares in per cent: bench/profile.py.", ""]
    lines += [
        f"| database | what | CPU µs | {' | '.join(NAMES)} |",
        "|---" * (3 + len(NAMES)) + "|",
    ]
    for row in profile["rows"]:
        shares = [f"{row['shares'].get(name, 0) * 100:.0f}" for name in NAMES]
        lines.append(
            f"| {row['database']} | {named(row)} | {row['cpu_us']:,} | {' | '.join(shares)} |"
        )
    return lines


def named(row: dict[str, Any]) -> str:
    return f"{row['target']} · {row['operation']} · {row['who']}"


def cell(row: dict[str, Any]) -> str:
    ratio = under_load = ""
    if row["ratio"]:
        low, high = row["ratio_range"]
        ratio = f"{row['ratio']:.2f} ({low:.2f} … {high:.2f})"
    if row["ratio_under_load"]:
        under_load = f"{row['ratio_under_load']:.2f}"
    queries = "" if row["queries"] is None else row["queries"]
    return (
        f"| {row['database']} | {named(row)} | {row['cpu_us']:,.0f} | {ratio} | {under_load} "
        f"| {row['p50_ms']:.2f} | {row['p99_ms']:.2f} | {row['requests_s']:,.0f} "
        f"| {row['bytes']:,} | {queries} | {row['errors']} |"
    )
