"""The code keeps its shape: dependencies point one way, interfaces are thin, functions short."""

import ast
import statistics
import subprocess
import sys

import pytest

from tests.architecture.code import ROOT, functions, sources

# What a view must not do itself, and why these places may.
FORBIDDEN_CALLS = {
    *("save", "filter", "exclude", "create", "delete", "update_or_create", "get_or_create"),
    *("bulk_create", "bulk_update", "annotate", "raw", "full_clean"),
}
FORBIDDEN_NAMES = {"atomic", "is_staff", "is_superuser", "has_perm", "on_commit"}
MAY = {
    # Views call the actions of these modules.
    "actions",
}
ALLOWED: dict[str, str] = {
    # "ublog/interfaces/….py:function word": "the reason",
    "ublog/interfaces/rest/viewsets/etags.py:create create": "DRF's own, which calls an action",
}
LONG_BUT: dict[str, str] = {
    "ublog/interfaces/rest/serializers.py:post_json": "one line for each field of a post",
    "ublog/interfaces/mastodon/entities.py:status_json": "one line for each field of a status",
    "ublog/interfaces/mastodon/entities.py:account_json": "one line for each field of an account",
}


def test_dependencies_point_one_way():
    pytest.importorskip("importlinter", reason="import-linter is a tool of `make check`")
    # In a process of its own: it disables the loggers of the process.
    lint = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l()"]
    assert subprocess.run([*lint, "--no-cache"], cwd=ROOT).returncode == 0


def thick_words():
    """Return each place where a view does what the domain should do, as `place word`."""
    for path in sources("ublog/interfaces"):
        tree = ast.parse(path.read_text())
        for node in ast.walk(tree):
            word = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                receiver = getattr(node.func.value, "id", None)
                if node.func.attr in FORBIDDEN_CALLS and receiver not in MAY:
                    word = node.func.attr
            elif isinstance(node, ast.Attribute | ast.Name):
                name = node.attr if isinstance(node, ast.Attribute) else node.id
                word = name if name in FORBIDDEN_NAMES else None
            if word:
                yield f"{path.relative_to(ROOT)}:{enclosing(tree, node)} {word}"


def enclosing(tree: ast.Module, inner: ast.AST) -> str:
    """Return the name of the innermost function around a node."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.lineno <= inner.lineno <= node.end_lineno
    ]
    return max(around, key=lambda node: node.lineno).name if around else "module"


def test_interfaces_are_thin():
    assert set(thick_words()) - set(ALLOWED) == set()


def test_no_function_of_an_interface_is_over_15_lines_without_a_reason():
    long = {one.place for one in functions("ublog/interfaces") if one.length > 15}
    assert long - set(LONG_BUT) == set()


def test_functions_are_short():
    lengths = sorted(one.length for one in functions("ublog"))
    assert statistics.median(lengths) <= 8
    assert lengths[len(lengths) * 9 // 10] <= 25
    assert lengths[-1] <= 40


def test_files_are_short():
    long = [path for path in sources("ublog") if len(path.read_text().splitlines()) > 400]
    assert long == []


def test_no_template_marks_a_text_as_safe():
    for path in (ROOT / "ublog").rglob("*.html"):
        text = path.read_text()
        for word in ("|safe", "autoescape off", "safeseq", "https://", "http://"):
            assert word not in text, path


def test_no_code_marks_a_text_as_safe():
    for path in sources("ublog"):
        assert "mark_safe" not in path.read_text(), path
