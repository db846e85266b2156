"""`.env.example` names every variable that is read, and no other."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
READERS = ("ublog/settings.py", "deploy/gunicorn.conf.py")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")


def names_read(path: Path) -> set[str]:
    """The first arguments of calls such as `env.str("NAME")` and `required_secret("NAME")`."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    first = [call.args[0].value for call in calls if call.args and is_text(call.args[0])]
    return {value for value in first if NAME.fullmatch(value)}


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def test_the_example_names_every_variable_and_no_other():
    read = set().union(*(names_read(ROOT / reader) for reader in READERS))
    example = (ROOT / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)) == read
