"""Write the generated parts of docs/five-ways.md: `python -m bench.five_ways`.

The text of the page is written by hand, but for its blocks, which end with `<!-- end -->`. After
`<!-- code list -->` is the code of an operation, taken from the source; after
`<!-- figures list -->` what `make bench` has measured last; after `<!-- plot five -->` what it has
drawn, here and in README.md; after `<!-- lines five -->` the count of all lines of each interface.
"""

import json
import re
from collections import Counter
from functools import cache
from itertools import groupby
from typing import Any

from bench.needs import ROOT, Definition, count, names, needed, parsed, source

PAGE = ROOT / "docs" / "five-ways.md"
README = ROOT / "README.md"
LATEST = ROOT / "bench" / "results" / "latest.json"
BLOCK = re.compile(r"(<!-- (code|figures|lines|plot) (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

PLOTS = {
    "five": "CPU of each operation through each interface",
    "ladder": "CPU of a list of posts, beside a bare server, plain DRF and FastAPI",
    "flatness": "A page of a thousand posts and of a million",
}
FILES = {
    "fbv": "ublog/interfaces/pages/functions/posts.py",
    "cbv": "ublog/interfaces/pages/classes/posts.py",
    "rest-functions": "ublog/interfaces/rest/functions/posts.py",
    "rest-viewset": "ublog/interfaces/rest/viewsets/posts.py",
    "graphql": "ublog/interfaces/graphql/posts.py",
}
STYLES = {
    "fbv": "Django function-based view",
    "cbv": "Django class-based view",
    "rest-functions": "DRF function view",
    "rest-viewset": "DRF `ModelViewSet`",
    "graphql": "GraphQL with Graphene",
}
# The code of each operation in each file. What several operations share is shown at each.
PLACES = {
    "list": {
        "fbv": ["post_list"],
        "cbv": ["PostList"],
        "rest-functions": ["post_list"],
        "rest-viewset": [
            "PostViewSet.serializer_class",
            "PostViewSet.pagination_class",
            "PostViewSet.get_queryset",
        ],
        "graphql": ["PostQueries.posts", "PostQueries.resolve_posts"],
    },
    "detail": {
        "fbv": ["post_detail"],
        "cbv": ["PostDetail"],
        "rest-functions": ["post_detail"],
        "rest-viewset": [
            "PostViewSet.serializer_class",
            "PostViewSet.get_queryset",
            "PostViewSet.get_object",
        ],
        "graphql": ["PostQueries.post", "PostQueries.resolve_post"],
    },
    "create": {
        "fbv": ["post_create"],
        "cbv": ["PostCreate"],
        "rest-functions": ["post_create"],
        "rest-viewset": ["PostViewSet.serializer_class", "PostViewSet.perform_create"],
        "graphql": ["CreatePost"],
    },
    "edit": {
        "fbv": ["post_update"],
        "cbv": ["PostUpdate"],
        "rest-functions": ["post_update"],
        "rest-viewset": [
            "PostViewSet.serializer_class",
            "PostViewSet.get_object",
            "PostViewSet.perform_update",
        ],
        "graphql": ["UpdatePost"],
    },
    "delete": {
        "fbv": ["post_delete"],
        "cbv": ["PostDelete"],
        "rest-functions": ["post_delete"],
        "rest-viewset": ["PostViewSet.get_object", "PostViewSet.perform_destroy"],
        "graphql": ["DeletePost"],
    },
    "like": {
        "fbv": ["post_like"],
        "cbv": ["PostLikeView"],
        "rest-functions": ["post_like"],
        "rest-viewset": ["PostViewSet.serializer_class", "PostViewSet.like"],
        "graphql": ["MarkMutation", "TogglePostLike"],
    },
}
# What interfaces of several protocols need is no part of a style.
PROTOCOLS = (("fbv", "cbv"), ("rest-functions", "rest-viewset"), ("graphql",))


def places(operation: str, interface: str) -> list[str]:
    return PLACES[operation][interface]


def code(operation: str, interface: str) -> str:
    """Return the code of an operation in the file of an interface."""
    shown = [source(FILES[interface], name) for name in places(operation, interface)]
    return "\n\n".join(shown)


def besides(operation: str, interface: str) -> list[Definition]:
    """Return what an operation needs besides its own code, in its file and elsewhere."""
    found = needed(FILES[interface], places(operation, interface))
    return sorted(found - shared())


@cache
def shared() -> set[Definition]:
    """Return what interfaces of more than one protocol need."""
    seen = Counter(
        definition
        for protocol in PROTOCOLS
        for definition in set().union(*(everything(interface) for interface in protocol))
    )
    return {definition for definition, number in seen.items() if number > 1}


def everything(interface: str) -> set[Definition]:
    """Return what the whole file of an interface defines and needs."""
    path = FILES[interface]
    own = {name for node in parsed(path)[1].body for name in names(node)}
    return needed(path, own) | {Definition(path, name) for name in own}


def elsewhere(interface: str) -> list[Definition]:
    """Return what an interface needs in other files, and no other protocol does."""
    found = everything(interface) - shared()
    return sorted(one for one in found if one.path != FILES[interface])


def lines(operation: str, interface: str) -> tuple[int, int]:
    """Return the lines of an operation with all that it needs, and those of its own code."""
    own = count(code(operation, interface))
    return own + sum(one.lines() for one in besides(operation, interface)), own


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
    head = "| | its file | elsewhere | together |\n|---|--:|--:|--:|\n"
    rows = lists = ""
    for interface, style in STYLES.items():
        own = count(parsed(FILES[interface])[0])
        others = sum(one.lines() for one in elsewhere(interface))
        rows += f"| {style} | {own} | {others} | {own + others} |\n"
        lists += (
            f"- **{style}**: {link(FILES[interface])} {own}; {listed(elsewhere(interface), 99)}\n"
        )
    summary = "<details><summary>What each needs elsewhere</summary>"
    return f"{head}{rows}\n{summary}\n\n{lists}\n</details>\n"


def code_block(operation: str) -> str:
    parts = [
        f"**{style}** · {link(FILES[interface])}\n\n"
        f"```python\n{code(operation, interface)}\n```\n"
        f"{needs_line(besides(operation, interface))}"
        for interface, style in STYLES.items()
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
    for interface, style in STYLES.items():
        every, own = lines(operation, interface)
        table.append(f"| {style} | {every} | {own} | {cells(rows.get(interface))} |\n")
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


def write() -> None:
    results = json.loads(LATEST.read_text()) if LATEST.exists() else None
    for page in (PAGE, README):
        text = written(page.read_text(), results, ("code", "figures", "lines", "plot"))
        if page == PAGE:
            text = text.replace("](docs/images/bench-", "](images/bench-")
        page.write_text(text)


if __name__ == "__main__":
    write()
