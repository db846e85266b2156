"""The functions of the code, as its syntax trees have them."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Function:
    place: str  # such as ublog/blog/actions.py:publish
    node: ast.FunctionDef | ast.AsyncFunctionDef

    @property
    def length(self) -> int:
        """Count the lines from `def` to the end, without the docstring."""
        first = self.node.body[0]
        documented = ast.get_docstring(self.node) is not None
        docstring = first.end_lineno - first.lineno + 1 if documented else 0
        return self.node.end_lineno - self.node.lineno + 1 - docstring


def sources(directory: str) -> list[Path]:
    return [path for path in (ROOT / directory).rglob("*.py") if "migrations" not in path.parts]


def functions(directory: str) -> Iterator[Function]:
    for path in sources(directory):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Function(f"{path.relative_to(ROOT)}:{node.name}", node)
