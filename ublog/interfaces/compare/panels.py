"""What the page shows of one interface."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from ublog.interfaces.compare import counts, figures, snippets, texts
from ublog.interfaces.compare.code import first_line, source
from ublog.interfaces.compare.highlight import Line, markup, python_lines
from ublog.interfaces.compare.operations import INTERFACES, PLACES, Interface, Operation
from ublog.interfaces.compare.requests import Request
from ublog.interfaces.compare.run import Row, Run
from ublog.interfaces.compare.snippets import Link


@dataclass(frozen=True)
class Block:
    """Code of one name, and the file that it is in."""

    path: str
    name: str
    lines: list[Line]


@dataclass(frozen=True)
class Copyable:
    """A snippet as it is shown."""

    title: str
    html: Markup


@dataclass(frozen=True)
class Query:
    """A statement as it is shown. `is_shared`: all five interfaces send it."""

    html: Markup
    ms: float
    is_shared: bool


def block(path: str, name: str) -> Block:
    """Return the code of a name in a file, with the numbers that its lines have there."""
    return Block(path, name, python_lines(source(path, name), first_line(path, name)))


@dataclass
class Panel:
    """The code, request, response and cost of an operation in one interface.

    `request` is the one to copy, for a post that is stored; that of a run is in its row.
    """

    name: str
    operation: Operation
    request: Request
    post_id: int
    logged_in: bool
    run: Run | None

    @property
    def interface(self) -> Interface:
        return INTERFACES[self.name]

    @property
    def row(self) -> Row | None:
        return self.run.rows[self.name] if self.run else None

    @property
    def code(self) -> list[Block]:
        path = self.interface.path
        return [block(path, name) for name in PLACES[self.operation.verb][self.name]]

    @property
    def lines(self) -> tuple[int, int]:
        """Return the lines of the operation with all that it needs, and those of its own code."""
        return counts.lines(self.operation.verb, self.name)

    @property
    def figures(self) -> dict[str, Any]:
        """Return what `make bench` has measured of the operation."""
        return figures.figures_of(self.operation.measured, self.name)

    @property
    def request_html(self) -> Markup:
        request = self.row.request if self.row else self.request
        return markup(texts.request_text(request, self.name, self.logged_in), "text")

    @cached_property
    def snippets(self) -> list[Copyable]:
        found = snippets.snippets(self.request, self.name, self.logged_in)
        return [Copyable(one.title, markup(one.text, one.language)) for one in found]

    @property
    def links(self) -> list[Link]:
        return snippets.links(self.operation, self.name, self.request, self.post_id)

    @property
    def headers(self) -> list[tuple[str, str, bool]]:
        """Return the headers of the response, and whether all five responses have the same."""
        if not (self.run and self.row and self.row.response):
            return []
        found = texts.shown_headers(self.row.response)
        return [(name, text, self.run.has_header(name, text)) for name, text in found.items()]

    @property
    def body(self) -> Markup:
        """Return the body of the response as HTML, "" without one."""
        if not (self.run and self.row and self.row.response and self.row.response.body):
            return Markup()
        text = texts.body_text(self.row.response, self.run.scene.login)
        return markup(text, texts.language_of(self.row.response))

    @property
    def queries(self) -> list[Query]:
        if not (self.run and self.row and self.row.response):
            return []
        return [
            Query(markup(one.sql, "sql"), one.ms, self.run.is_shared(one.sql))
            for one in self.row.response.queries
        ]
