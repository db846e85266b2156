"""Draw the plots in docs/images, and what previews of links to `/compare/` show."""

import statistics
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

from bench.five_ways import for_the_page, measured
from bench.requests import INTERFACES
from bench.servers import PEERS, ROOT
from ublog.interfaces.compare.operations import INTERFACES as STYLES

IMAGES = ROOT / "docs" / "images"
PREVIEW = ROOT / "ublog/interfaces/compare/static/compare/preview.png"
NAMES = {
    "fbv": "function views",
    "cbv": "class views",
    "rest-functions": "REST functions",
    "rest-viewset": "REST view set",
    "graphql": "GraphQL",
    "bare": "L1: bare WSGI",
    "drf": "plain DRF",
    "fastapi": "FastAPI + SQLAlchemy",
    "ninja": "Django Ninja",
    "litestar": "Litestar + msgspec",
    "grouped": "DRF, join and group",
}
COLOURS = {"postgresql": "#336791", "sqlite": "#e08a1e"}
# The same results give the same file: no date, no random ids.
plt.rcParams |= {"svg.hashsalt": "ublog", "font.size": 10, "axes.spines.top": False}
plt.rcParams |= {"axes.spines.right": False, "svg.fonttype": "none", "figure.facecolor": "white"}


def draw(results: dict[str, Any]) -> None:
    """Draw those plots that there are results for."""
    IMAGES.mkdir(exist_ok=True)
    if results["rows"]:
        ladder(results, IMAGES / "bench-ladder.svg")
        five(results, IMAGES / "bench-five.svg")
    if measured("like", results):
        preview(for_the_page(results), PREVIEW)
    if results["flatness"]:
        flatness(results, IMAGES / "bench-flatness.svg")


def save(figure: Any, path: Path) -> None:
    figure.savefig(path, bbox_inches="tight", metadata={"Date": None})
    plt.close(figure)


def ratios(results: dict[str, Any], operation: str, who: str) -> dict[tuple[str, str], Any]:
    return {
        (row["target"], row["database"]): row
        for row in results["rows"]
        if (row["operation"], row["who"]) == (operation, who) and row["ratio"]
    }


def bars(axes: Any, rows: dict[tuple[str, str], Any], targets: list[str]) -> None:
    """Draw a bar for each target and database, with the range of the rounds and the number."""
    databases = sorted({database for _, database in rows})
    height = 0.8 / max(1, len(databases))
    for i, database in enumerate(databases):
        for y, target in enumerate(targets):
            row = rows.get((target, database))
            if row is None:
                continue
            low, high = row["ratio_range"]
            place = y + (i - (len(databases) - 1) / 2) * height
            spread = [[row["ratio"] - low], [high - row["ratio"]]]
            colour = COLOURS[database]
            label = database if target == targets[0] else None
            axes.barh(place, row["ratio"], height * 0.9, color=colour, label=label)
            axes.errorbar(row["ratio"], place, xerr=spread, color="#444", lw=0.8)
            axes.text(high, place, f"  {row['ratio']:.1f}", va="center", fontsize=8)
    axes.set_yticks(range(len(targets)), [NAMES[target] for target in targets])
    axes.invert_yaxis()


def ladder(results: dict[str, Any], path: Path) -> None:
    rows = ratios(results, "list", "anonymous")
    wanted = ["bare", *INTERFACES, *PEERS]
    targets = [name for name in wanted if any(name == target for target, _ in rows)]
    figure, axes = plt.subplots(figsize=(7, 4.5))
    bars(axes, rows, targets)
    axes.set_xlabel("CPU of one list of 20 posts, divided by that of a bare WSGI callable (L1)")
    axes.legend(frameon=False)
    save(figure, path)


def five(results: dict[str, Any], path: Path) -> None:
    """Draw the CPU of each operation through each interface."""
    operations = ["list", "detail", "create", "edit", "delete", "like"]
    database = max({row["database"] for row in results["rows"]})
    figure, all_axes = plt.subplots(2, 3, figsize=(9, 4.8), sharey=True)
    for axes, operation in zip(all_axes.flat, operations, strict=True):
        cpu = {
            row["target"]: row["cpu_us"] / 1000
            for row in results["rows"]
            if row["operation"] == operation
            and row["database"] == database
            and (row["who"] == "logged in")
        }
        values = [cpu.get(interface, 0) for interface in INTERFACES]
        axes.barh(range(len(INTERFACES)), values, color=COLOURS[database])
        for y, value in enumerate(values):
            if value:
                axes.text(value, y, f" {value:.1f}", va="center", fontsize=8)
        axes.set_yticks(range(len(INTERFACES)), [NAMES[interface] for interface in INTERFACES])
        axes.set_title(operation, fontsize=10, loc="left")
        axes.set_xlim(0, max([*values, 0.1]) * 1.2)
    all_axes.flat[0].invert_yaxis()
    figure.supxlabel(f"milliseconds of CPU a request, logged in, {database}", fontsize=10)
    figure.tight_layout()
    save(figure, path)


def preview(found: dict[str, Any], path: Path) -> None:
    """Draw what liking a post costs through each interface, 1200 pixels by 630."""
    rows = found["rows"]["like"]
    figure, axes = plt.subplots(figsize=(12, 6.3), dpi=100)
    axes.barh(list(rows), [row["cpu_ms"] for row in rows.values()], 0.6, color="#336791")
    for y, row in enumerate(rows.values()):
        text = f"  {row['cpu_ms']:.1f} ms, {row['queries']} queries"
        axes.text(row["cpu_ms"], y, text, va="center", fontsize=19)
    axes.set_yticks(range(len(rows)), [STYLES[name].short for name in rows], fontsize=19)
    axes.set_xlim(0, max(row["cpu_ms"] for row in rows.values()) * 1.5)
    axes.set_xticks([])
    axes.invert_yaxis()
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=0)
    figure.text(0.05, 0.88, "One microblog, five ways", fontsize=38, weight="bold")
    database = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}[found["database"]]
    about = f"Liking a post: CPU of a request, {database}, {found['date']}"
    figure.text(0.05, 0.8, about, fontsize=19, color="#555555")
    figure.subplots_adjust(left=0.2, right=0.97, top=0.75, bottom=0.05)
    figure.savefig(path, metadata={"Software": None}, pil_kwargs={"optimize": True})
    plt.close(figure)


def flatness(results: dict[str, Any], path: Path) -> None:
    """Draw the p50 of each read of a small and a large database."""
    p50 = {
        (row["database"], row["what"], row["posts"]): statistics.median(row["p50_ms"])
        for row in results["flatness"]
    }
    databases = sorted({key[0] for key in p50})
    sizes = sorted({key[2] for key in p50})
    figure, all_axes = plt.subplots(1, len(databases), figsize=(8, 4), sharey=True, squeeze=False)
    for axes, database in zip(all_axes.flat, databases, strict=True):
        for y, interface in enumerate(INTERFACES):
            for i, posts in enumerate(sizes):
                value = p50.get((database, f"{interface} list", posts), 0)
                place, colour = y + (i - 0.5) * 0.4, ["#9bb8d3", "#1f4e79"][i]
                label = f"{posts:,} posts" if not y else None
                axes.barh(place, value, 0.38, color=colour, label=label)
                axes.text(value, place, f" {value:.1f}", va="center", fontsize=8)
        axes.set_yticks(range(len(INTERFACES)), [NAMES[interface] for interface in INTERFACES])
        axes.set_title(database, fontsize=10, loc="left")
    all_axes.flat[0].invert_yaxis()
    all_axes.flat[-1].legend(frameon=False, loc="lower right")
    figure.supxlabel("p50 of the newest page, milliseconds, one reader at a time", fontsize=10)
    figure.tight_layout()
    save(figure, path)
