"""Highlight code on the server, line by line: https://pygments.org/docs/formatters/#HtmlFormatter.

The classes of the tokens are Pygments' own; `frontend/src/styles/compare.css` colours them.
"""

from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name

FORMATTER = HtmlFormatter(nowrap=True)


@dataclass(frozen=True)
class Line:
    """A line of code as HTML. `calls_domain`: it calls what all interfaces share."""

    number: int
    html: Markup
    calls_domain: bool


def markup(code: str, language: str) -> Markup:
    """Return the code as HTML, for <code>. `language` is the alias of a lexer of Pygments."""
    lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    # Pygments escapes all that the code has.
    return Markup(highlight(code, lexer, FORMATTER))  # noqa: S704  # nosec B704


@lru_cache(256)
def python_lines(code: str, first: int = 1) -> list[Line]:
    """Return the lines of Python code, numbered from `first`. No token reaches over a line end."""
    plain = code.splitlines()
    html = markup("\n".join(plain), "python").split("\n")[: len(plain)]
    return [
        Line(first + number, Markup(line), calls_domain(plain[number]))  # noqa: S704  # nosec B704
        for number, line in enumerate(html)
    ]


def calls_domain(line: str) -> bool:
    """Return whether a line of an interface names an action or the query sets of posts."""
    return "actions." in line or "Post.objects." in line
