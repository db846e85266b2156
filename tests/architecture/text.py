"""The text files of the repository, and what in them is written for readers."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.architecture.code import ROOT

SUFFIXES = {
    *(".py", ".ts", ".vue", ".js", ".css", ".html", ".md", ".txt", ".toml", ".yaml", ".yml"),
    *(".graphql", ".conf", ".service", ".socket", ".target", ".sh", ".jinja2"),
}
NAMES = {"Makefile", "Dockerfile", ".editorconfig"}
# Built by others, or generated from the code.
SKIPPED = {"node_modules", ".venv", "dist", "gen", "graphiql", "__pycache__"}

SLASHES = re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*|<!--.*?-->", re.DOTALL)
HASHES = re.compile(r"(?:^|\s)#[^\n]*", re.MULTILINE)
TEMPLATES = re.compile(r"\{#.*?#\}|<!--.*?-->", re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def text_files(places: Iterable[str]) -> Iterator[Path]:
    """Yield the text files that are, or are under, these paths relative to the repository."""
    for place in places:
        path = ROOT / place
        candidates = sorted(path.rglob("*")) if path.is_dir() else [path]
        for found in candidates:
            known = found.suffix in SUFFIXES or found.name in NAMES
            if known and found.is_file() and not SKIPPED & set(found.relative_to(ROOT).parts):
                yield found


def prose(path: Path) -> str:
    """Return the comments, the docstrings or, of a document, the text outside code blocks."""
    text = path.read_text()
    match path.suffix:
        case ".py":
            return python_prose(text)
        case ".md" | ".txt":
            return FENCED.sub("", text)
        case ".ts" | ".vue" | ".js" | ".css":
            return "\n".join(SLASHES.findall(text))
        case ".html" | ".jinja2":
            return "\n".join(TEMPLATES.findall(text))
    return "\n".join(HASHES.findall(text))


def python_prose(source: str) -> str:
    """Return the comments and docstrings of Python code."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, owners)]
    return "\n".join([*comments, *(ast.get_docstring(node) or "" for node in nodes)])
