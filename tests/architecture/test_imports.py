"""Imports go one way, in no circle and at the top of a module; the domain knows no HTTP.

import-linter holds the layers (pyproject.toml). Here is what it does not see: where in a module an
import stands, and of the packages of others more than the name of the first level.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.architecture.code import ROOT, sources

# Imports that do not stand at the top of a module, and why.
INDENTED: set[str] = set()
# Of the ground and the domain, these may know requests and responses: Django's admin, and what
# observes requests.
KNOWS_HTTP = ("*/admin.py", "ublog/core/observability/*.py")
HTTP = ("django.http", "django.shortcuts", "django.views", "rest_framework", "graphene")


@cache
def modules() -> dict[str, Path]:
    """Return the file of each module by its dotted name."""
    names = {path.relative_to(ROOT).with_suffix(""): path for path in sources("ublog")}
    return {".".join(name.parts).removesuffix(".__init__"): path for name, path in names.items()}


def imported_by(node: ast.AST) -> Iterator[str]:
    """Yield the modules that an import statement names. All our imports are absolute."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            yield full if full in modules() else str(node.module)


def is_for_types(node: ast.AST) -> bool:
    """Return whether a node is `if TYPE_CHECKING:`, whose imports never run."""
    return isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"


def imports(tree: ast.AST) -> set[str]:
    if is_for_types(tree):
        return set()
    below = (imports(node) for node in ast.iter_child_nodes(tree))
    return set(imported_by(tree)).union(*below)


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def indented(tree: ast.Module) -> Iterator[str]:
    """Yield the modules that are imported inside a function or a condition that can be true.

    `AppConfig.ready` is Django's place for imports that need the models to be loaded.
    """
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            node.body = [part for part in node.body if getattr(part, "name", "") != "ready"]
        if not isinstance(node, ast.Import | ast.ImportFrom):
            yield from imports(node)


def test_imports_stand_at_the_top():
    found = {
        f"{path.relative_to(ROOT)} {name}"
        for path in modules().values()
        for name in indented(ast.parse(path.read_text()))
        if is_in(name, "ublog")
    }
    assert found - INDENTED == set()


def test_modules_import_each_other_in_no_circle():
    graph = {
        name: {other for other in imports(ast.parse(path.read_text())) if other in modules()}
        for name, path in modules().items()
    }
    assert sum(map(len, graph.values())) > 200
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


def test_core_imports_nothing_of_ublog_outside_it():
    found = {
        f"{path.relative_to(ROOT)} {name}"
        for path in sources("ublog/core")
        for name in imports(ast.parse(path.read_text()))
        if is_in(name, "ublog") and not is_in(name, "ublog.core")
    }
    assert found == set()


@pytest.mark.parametrize("package", ["core", "accounts", "blog"])
def test_the_domain_knows_no_http(package):
    found = {
        f"{path.relative_to(ROOT)} {name}"
        for path in sources(f"ublog/{package}")
        if not any(path.relative_to(ROOT).match(pattern) for pattern in KNOWS_HTTP)
        for name in imports(ast.parse(path.read_text()))
        if any(is_in(name, forbidden) for forbidden in HTTP)
    }
    assert found == set()


def test_an_indented_import_is_found():
    source = "import ublog.core\ndef f():\n    from ublog.blog import models\n"
    assert set(indented(ast.parse(source))) == {"ublog.blog.models"}
    source = "if DEBUG:\n    import ublog.blog.models\n"
    assert set(indented(ast.parse(source))) == {"ublog.blog.models"}
    source = "if TYPE_CHECKING:\n    import ublog.blog.models\n"
    assert set(indented(ast.parse(source))) == set()
    source = "class A(AppConfig):\n    def ready(self):\n        import ublog.blog.models\n"
    assert set(indented(ast.parse(source))) == set()
