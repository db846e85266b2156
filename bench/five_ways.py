"""Write the generated parts of docs/five-ways.md: `python -m bench.five_ways`.

The words there are ours. Between `<!-- code list -->` and `<!-- end -->` stands the code of one
operation, taken from the source; between `<!-- figures list -->` and `<!-- end -->` what
`make bench` has measured last, and after `<!-- plot five -->` what it has drawn, here and in
README.md.
"""

import ast
import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "five-ways.md"
README = ROOT / "README.md"
LATEST = ROOT / "bench" / "results" / "latest.json"
BLOCK = re.compile(r"(<!-- (code|figures|plot) (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

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
# What of each file does each operation. What several operations share stands at each.
PLACES = {
    "list": {
        "fbv": ["post_list"],
        "cbv": ["PostList"],
        "rest-functions": ["index"],
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
        "rest-functions": ["detail"],
        "rest-viewset": ["PostViewSet.get_object"],
        "graphql": ["PostQueries.post", "PostQueries.resolve_post"],
    },
    "create": {
        "fbv": ["post_create"],
        "cbv": ["PostCreate"],
        "rest-functions": ["create"],
        "rest-viewset": ["PostViewSet.perform_create"],
        "graphql": ["CreatePost"],
    },
    "edit": {
        "fbv": ["post_update"],
        "cbv": ["PostUpdate", "EditablePostMixin"],
        "rest-functions": ["update"],
        "rest-viewset": ["PostViewSet.get_object", "PostViewSet.perform_update"],
        "graphql": ["UpdatePost"],
    },
    "delete": {
        "fbv": ["post_delete"],
        "cbv": ["PostDelete", "EditablePostMixin"],
        "rest-functions": ["delete"],
        "rest-viewset": ["PostViewSet.get_object", "PostViewSet.perform_destroy"],
        "graphql": ["DeletePost"],
    },
    "like": {
        "fbv": ["post_like"],
        "cbv": ["PostLikeView"],
        "rest-functions": ["like"],
        "rest-viewset": ["PostViewSet.like"],
        "graphql": ["MarkMutation", "TogglePostLike"],
    },
}


def source(path: str, name: str) -> str:
    """The code of a function, class or attribute, such as `PostViewSet.like`, with decorators.

    Raises LookupError when the file has no such name.
    """
    text = (ROOT / path).read_text()
    node: Any = ast.parse(text)
    for part in name.split("."):
        node = next((inner for inner in node.body if part in names(inner)), None)
        if node is None:
            raise LookupError(f"{path} has no {name}: mend PLACES in bench/five_ways.py")
    first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    lines = text.splitlines()[first - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)


def names(node: ast.AST) -> list[str]:
    """What a statement gives a name to."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def code(operation: str, door: str) -> str:
    return "\n\n".join(source(FILES[door], name) for name in PLACES[operation][door])


def lines(operation: str, door: str) -> int:
    """Lines of the code that hold something."""
    return sum(bool(line.strip()) for line in code(operation, door).splitlines())


def code_block(operation: str) -> str:
    parts = [
        f"**{style}** · [{FILES[door].removeprefix('ublog/interfaces/')}](../{FILES[door]})\n\n"
        f"```python\n{code(operation, door)}\n```\n"
        for door, style in STYLES.items()
    ]
    return "\n".join(parts)


def figures_block(operation: str, results: dict[str, Any] | None) -> str:
    """Lines, and what was measured: PostgreSQL if it was, signed in, four requests at a time."""
    head = (
        "| | lines | queries | CPU ms | p50 ms | p99 ms | bytes |\n|---|--:|--:|--:|--:|--:|--:|\n"
    )
    rows = {row["target"]: row for row in measured(operation, results)}
    told = [
        f"| {style} | {lines(operation, door)} | {cells(rows.get(door))} |\n"
        for door, style in STYLES.items()
    ]
    return head + "".join(told) + f"\n{origin(rows, results)}\n"


def measured(operation: str, results: dict[str, Any] | None) -> list[dict[str, Any]]:
    rows = [
        row
        for row in (results or {}).get("rows", [])
        if row["operation"] == operation and row["who"] == "signed in"
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
        f"*Signed in, {database}, 100,000 posts, four requests at a time, "
        f"{machine['cores']} cores of {machine['cpu']}, {machine['date'][:10]}, "
        f"commit {machine['commit']}.*"
    )


def written(page: str, results: dict[str, Any] | None, kinds: tuple[str, ...]) -> str:
    """The page with the parts of these kinds made anew."""

    def block(found: re.Match[str]) -> str:
        begin, kind, operation, end = found.groups()
        if kind not in kinds:
            return found.group(0)
        if kind == "plot":
            made = plot(operation)
        else:
            made = code_block(operation) if kind == "code" else figures_block(operation, results)
        return f"{begin}\n{made}\n{end}"

    return BLOCK.sub(block, page)


def plot(name: str) -> str:
    """The picture, once `make bench` has drawn it; for a page in the root, from there."""
    path = ROOT / "docs" / "images" / f"bench-{name}.svg"
    return f"![{PLOTS[name]}]({path.relative_to(ROOT)})" if path.exists() else ""


def write() -> None:
    results = json.loads(LATEST.read_text()) if LATEST.exists() else None
    for page in (PAGE, README):
        text = written(page.read_text(), results, ("code", "figures", "plot"))
        if page == PAGE:
            text = text.replace("](docs/images/bench-", "](images/bench-")
        page.write_text(text)


if __name__ == "__main__":
    write()
