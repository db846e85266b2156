"""The `posts.py` of the interfaces have the same operations in the same order, and explain them."""

import ast
import re

import pytest

from tests.architecture.code import ROOT

# The names of the operations in each file, in the order that all files have.
OPERATIONS = {
    "pages/functions/posts.py": "post_list post_detail post_create post_update post_delete "
    "post_like",
    "pages/classes/posts.py": "PostList PostDetail PostCreate PostUpdate PostDelete PostLikeView",
    "graphql/posts.py": "resolve_posts resolve_post CreatePost UpdatePost DeletePost LikePost",
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
    names = OPERATIONS[file].split()
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
