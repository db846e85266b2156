"""Write `.env.example`, and the table in docs/operations.md, from ublog/conf/variables.py."""

import re
import textwrap
from datetime import timedelta
from pathlib import Path

from ublog.conf.variables import SECTIONS, VARIABLES, Variable

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / ".env.example"
DOCUMENT = ROOT / "docs/operations.md"
HEAD = """\
# Every variable of μblog, with its default. Set what differs in the environment, or in the file
# `secrets.env` of the data directory, which `make run` creates and completes.
# Made from ublog/conf/variables.py by `make schemas`.
"""
TABLE_HEAD = "| variable | default | effect |\n|---|---|---|\n"
TABLE = re.compile(re.escape(TABLE_HEAD) + r"(?:\|.*\n)*")


def written(default: object) -> str:
    """Return a default as it is written in the environment."""
    match default:
        case bool():
            return "on" if default else "off"
        case list():
            return ",".join(default)
        case timedelta():
            return f"{default.days}d"
    return str(default)


def example() -> str:
    """Return the text of `.env.example`."""
    lines = [HEAD]
    for title, variables in SECTIONS.items():
        lines += [comment(f"-- {title}"), *map(entry, variables), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def entry(variable: Variable) -> str:
    return f"{comment(variable.effect)}\n#{variable.name}={written(variable.default)}"


def comment(text: str) -> str:
    return textwrap.fill(
        text, 100, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )


def table() -> str:
    """Return the table of variables, in Markdown. Names in the text of an effect become code."""
    return TABLE_HEAD + "".join(map(row, VARIABLES.values()))


def row(variable: Variable) -> str:
    default = written(variable.default)
    effect = re.sub(r"(?<!`)\b(?:UBLOG|REDIS)_[A-Z_]+\b(?!`)", r"`\g<0>`", variable.effect)
    effect = re.sub(r"\bdocs/(\w+\.md)\b", r"[\1](\1)", effect)
    return f"| `{variable.name}` | {default and f'`{default}`'} | {effect} |\n"


def document() -> str:
    """Return docs/operations.md with the table as it should be."""
    return TABLE.sub(lambda _: table(), DOCUMENT.read_text(), count=1)


if __name__ == "__main__":
    EXAMPLE.write_text(example())
    DOCUMENT.write_text(document())
