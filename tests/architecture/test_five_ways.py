"""The five `posts.py` have the same operations in the same order, and explain them."""

import ast
import re

import pytest

from tests.architecture.code import ROOT
from tests.contract.records import MARKS

# The names of the operations in each file, in the order that all files have, and the name of the
# operation of a mark.
FUNCTIONS = "post_list post_detail post_create post_update post_delete"
OPERATIONS = {
    "pages/functions/posts.py": (FUNCTIONS, "post_{mark}"),
    "pages/classes/posts.py": (
        "PostList PostDetail PostCreate PostUpdate PostDelete",
        "Post{Mark}View",
    ),
    "rest/functions/posts.py": (FUNCTIONS, "post_{mark}"),
    "rest/viewsets/posts.py": (
        "get_queryset get_object perform_create perform_update perform_destroy",
        "{mark}",
    ),
    "graphql/posts.py": (
        "resolve_posts resolve_post CreatePost UpdatePost DeletePost",
        "{Mark}Post",
    ),
}
MAX_NAMES = 9
FILES = pytest.mark.parametrize("file", OPERATIONS)


def tree(file: str) -> ast.Module:
    return ast.parse((ROOT / "ublog/interfaces" / file).read_text())


def definitions(file: str) -> list[ast.ClassDef | ast.FunctionDef]:
    """Return the classes, functions and methods of a file, in their order."""
    found = [
        node for node in ast.walk(tree(file)) if isinstance(node, ast.ClassDef | ast.FunctionDef)
    ]
    return sorted(found, key=lambda node: node.lineno)


@FILES
def test_the_operations_are_in_the_same_order(file):
    operations, pattern = OPERATIONS[file]
    marks = (pattern.format(mark=mark, Mark=mark.capitalize()) for mark in MARKS)
    names = [*operations.split(), *marks]
    assert [node.name for node in definitions(file) if node.name in names] == names


@FILES
def test_every_view_type_and_method_has_a_docstring(file):
    bare = [node.name for node in definitions(file) if not ast.get_docstring(node)]
    assert set(bare) - {"Meta", "Arguments"} == set()


@FILES
def test_few_names_of_the_project_are_needed(file):
    imports = [node for node in ast.walk(tree(file)) if isinstance(node, ast.ImportFrom)]
    names = [
        alias.name
        for node in imports
        if re.match(r"ublog\b", node.module or "")
        for alias in node.names
    ]
    assert len(names) <= MAX_NAMES
