"""Code that is shown and counted, read from the source files by their syntax trees.

It reads files and imports nothing of them. A definition is a top-level function, class or
assignment of a module. It needs the definitions of `ublog.interfaces` whose names it uses, and what
those need. The domain and libraries do not count.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]  # the directory with `ublog`
WITHIN = "ublog.interfaces"


@dataclass(frozen=True, order=True)
class Definition:
    """A definition by the path of its file, relative to ROOT, and its name."""

    path: str
    name: str

    def source(self) -> str:
        """Return its code with decorators, without its indent. Raise LookupError if it is gone."""
        return source(self.path, self.name)

    def lines(self) -> int:
        """Return the number of lines that are not empty."""
        return count(self.source())


def count(code: str) -> int:
    """Return the number of lines that are not empty."""
    return sum(bool(line.strip()) for line in code.splitlines())


@cache
def parsed(path: str) -> tuple[str, ast.Module]:
    text = (ROOT / path).read_text(encoding="utf-8")
    return text, ast.parse(text)


def find(path: str, name: str) -> list[Any]:
    """Return the nodes that lead to a name such as `PostViewSet.like`: the class, then the method.

    Raises LookupError when the file has no such name.
    """
    nodes: list[Any] = [parsed(path)[1]]
    for part in name.split("."):
        node = next((inner for inner in nodes[-1].body if part in names(inner)), None)
        if node is None:
            raise LookupError(f"{path} has no {name}: correct OPERATIONS in operations.py")
        nodes.append(node)
    return nodes[1:]


def first_line(path: str, name: str) -> int:
    """Return the number of the first line of a name, decorators included."""
    node = find(path, name)[-1]
    first: int = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
    return first


def source(path: str, name: str) -> str:
    """Return the code of a function, class or attribute with decorators, without its indent.

    Raises LookupError when the file has no such name.
    """
    node = find(path, name)[-1]
    lines = parsed(path)[0].splitlines()[first_line(path, name) - 1 : node.end_lineno]
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(line[indent:] for line in lines)


def names(node: ast.AST) -> list[str]:
    """Return the names that a statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def needed(path: str, places: Iterable[str]) -> set[Definition]:
    """Return all definitions that these places of a file need, directly or not."""
    found: set[Definition] = set()
    for name in places:
        *classes, node = find(path, name)
        parts = [part for one in classes for part in (*one.bases, *one.decorator_list)]
        for part in (node, *parts):
            follow(path, part, found)
    return found - {Definition(path, name.split(".")[0]) for name in places}


def follow(path: str, node: ast.AST, found: set[Definition]) -> None:
    for definition in uses(path, node):
        if definition not in found:
            found.add(definition)
            follow(definition.path, find(definition.path, definition.name)[0], found)


def uses(path: str, node: ast.AST) -> Iterator[Definition]:
    """Yield the definitions whose names a node uses."""
    known = scope(path)
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and isinstance(known.get(inner.id), Definition):
            yield known[inner.id]
        elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Name):
            module = known.get(inner.value.id)
            if isinstance(module, str):
                yield Definition(module, inner.attr)


@cache
def scope(path: str) -> dict[str, Any]:
    """Return what the names of a module stand for: a Definition, or the path of a module."""
    known: dict[str, Any] = {}
    for node in parsed(path)[1].body:
        known |= {name: Definition(path, name) for name in names(node)}
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(WITHIN):
            for alias in node.names:
                module = file(f"{node.module}.{alias.name}")
                known[alias.asname or alias.name] = module or imported(node.module, alias.name)
    return known


def imported(module: str | None, name: str) -> Any:
    """Return the definition of an imported name, where it is defined."""
    path = file(module or "")
    return scope(path).get(name) if path else None


def file(module: str) -> str | None:
    """Return the path of a module relative to ROOT; None for what is no module."""
    path = f"{module.replace('.', '/')}.py"
    return path if (ROOT / path).is_file() else None
