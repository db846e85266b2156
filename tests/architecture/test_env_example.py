"""`.env.example` and the table of docs/operations.md have every variable and its default."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Their default depends on other settings.
READERS = ("deploy/gunicorn.conf.py", "ublog/conf/limits.py", "ublog/settings.py")
NAME = re.compile(r"[A-Z][A-Z0-9_]+")
ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]+)` \| (?:`(.*?)`)? *\| .+ \|$", re.MULTILINE)


def read_by(path: Path) -> dict[str, object]:
    """Return the variables of calls such as `env.str("NAME", "default")`, and their defaults.

    The default is None if it is missing or not a constant.
    """
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    found: dict[str, object] = {}
    for call in calls:
        first, *rest = [getattr(argument, "value", None) for argument in call.args] or [None]
        if isinstance(first, str) and NAME.fullmatch(first):
            found[first] = found.get(first) or (rest[0] if rest else None)
    return found


def all_read() -> dict[str, object]:
    return {name: default for path in READERS for name, default in read_by(ROOT / path).items()}


def example() -> dict[str, str]:
    text = (ROOT / ".env.example").read_text()
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", text, re.MULTILINE))


def written(default: object) -> str:
    """Return the value as a text for the environment."""
    return {True: "on", False: "off"}[default] if isinstance(default, bool) else str(default)


def test_the_example_names_every_variable_and_no_other():
    assert set(example()) == set(all_read())


def test_the_example_has_the_defaults_of_the_code():
    shown = example()
    constant = {
        name: written(default)
        for name, default in all_read().items()
        if isinstance(default, str | bool | int)
    }
    assert len(constant) > 20
    assert {name: shown[name] for name in constant} == constant


def test_the_table_of_operations_has_the_same_names_and_defaults():
    table = (ROOT / "docs/operations.md").read_text().partition("## Configure")[2]
    rows = ROW.findall(table.partition("\n## ")[0])
    assert len(rows) == len({name for name, _ in rows})
    assert dict(rows) == example()
