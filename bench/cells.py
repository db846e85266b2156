"""The cells of the tables: what is measured."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from bench.requests import GROWING, INTERFACES, OPERATIONS, PAGES, READS, Person, Request, ask
from bench.servers import PEERS

ANONYMOUS = Person()
POOL = 2_000  # posts that a second of deletions may use up
STOCK = 20_000  # posts that are made to be deleted, at once
WATCHING = ("ublog", "without", "unlogged")
# What P1 to P5 are about.
MAIN = {
    ("list", "anonymous"),
    ("detail", "anonymous"),
    ("create", "logged in"),
    ("like", "logged in"),
}


@dataclass(frozen=True)
class Cell:
    """An operation at one server. `target` is the interface, or the server in its place."""

    server: str
    target: str
    operation: str
    who: str
    requests: list[Request]

    @property
    def place(self) -> dict[str, str]:
        """Return the key of its row in the tables."""
        return {"target": self.target, "operation": self.operation, "who": self.who}

    @property
    def compared(self) -> tuple[str, str]:
        """Return operation and user of the cells that it is compared with."""
        operation = "list" if self.operation in READS else self.operation
        return operation.removesuffix(" again"), self.who

    @property
    def seat(self) -> str:
        """Return the name of its server. Cells that are compared have servers of their own."""
        alone = self.operation in READS or self.operation.endswith(" again")
        return f"{self.target} {self.operation}" if alone else self.target

    @property
    def is_ours(self) -> bool:
        return self.server == "ublog"


def ladder(
    people: dict[str, Person], places: dict[str, Any], posts: int, quick: bool
) -> list[Cell]:
    """Return the cells of every operation through every interface, and of the other servers."""
    reader, writer = people["reader_ten"], people["writer"]
    targets = [*INTERFACES, "bare", *PEERS]

    def ids(operation: str, target: str) -> Iterable[int | None]:
        """Return the posts for a target. Each has its own, since a second like is an unlike."""
        if operation in ("list", "create"):
            return [None] * (1 if operation == "list" else 100)
        if operation == "edit":  # the writer's
            return range(1, 101)
        first = posts - 1_000 + 100 * targets.index(target)
        return range(first, first + 100)

    def cell(server: str, operation: str, who: Person, interface: str = "") -> Cell:
        target = interface or server
        sent = [ask(target, operation, who, id) for id in ids(operation, target)]
        name = "anonymous" if who is ANONYMOUS else "logged in"
        return Cell(server, target, operation, name, sent)

    cells = []
    for operation in OPERATIONS:
        writes = operation not in ("list", "detail")
        for who in [writer] if writes else [ANONYMOUS, reader]:
            if operation in ("list", "detail", "create", "like"):
                cells.append(cell("bare", operation, who))
            cells += [cell("ublog", operation, who, interface) for interface in INTERFACES]
            if (operation, who) == ("list", ANONYMOUS):
                cells += [replace(c, operation="list again") for c in cells if c.target in PAGES]
                cells += [cell(peer, operation, who) for peer in PEERS]
            if operation == "list":
                cells += reads(who, people, places)
    if quick:
        cells = [c for c in cells if c.compared in MAIN and wanted_quick(c)]
    return cells


def reads(who: Person, people: dict[str, Person], places: dict[str, Any]) -> list[Cell]:
    """Return the cells of READS by that person."""
    name = "anonymous" if who is ANONYMOUS else "logged in"
    return [
        Cell("ublog", read.target, operation, name, [read.request(people, places)])
        for operation, read in READS.items()
        if read.who == who.name
    ]


def before(people: dict[str, Person]) -> list[Cell]:
    """Return the cells of the earlier checkout, whose users have tokens of their own."""
    writer = people["writer"]

    def cell(operation: str, who: Person, ids: Iterable[int | None]) -> Cell:
        sent = [ask("rest-functions", operation, who, id) for id in ids]
        name = "anonymous" if who is ANONYMOUS else "logged in"
        return Cell("before", "before", operation, name, sent)

    query = ask("graphql", "list", ANONYMOUS)
    query = replace(query, body=query.body.replace("renditions{url width height}", ""))
    return [
        cell("list", ANONYMOUS, [None]),
        Cell("before", "before graphql", "list", "anonymous", [query]),
        cell("list", people["reader_ten"], [None]),
        cell("create", writer, [None] * 100),
        cell("edit", writer, range(1, 101)),
        cell("delete", writer, [None]),
    ]


def profiled(people: dict[str, Person], places: dict[str, Any], posts: int) -> list[Cell]:
    """Return the cells of MAIN through every interface of the product."""
    every = ladder(people, places, posts, quick=False)
    return [c for c in every if c.is_ours and (c.operation, c.who) in MAIN]


def watching() -> list[Cell]:
    """Return the cells of P8: the REST list with and without log, headers, limits and timing."""
    sent = [ask("rest-functions", "list", ANONYMOUS)]
    return [Cell(server, server, "list", "anonymous", sent) for server in WATCHING]


def wanted_quick(cell: Cell) -> bool:
    return cell.compared[0] == "list" or cell.target in ("bare", "rest-functions", "before")


def again(request: Request, received: dict[str, str]) -> Request:
    """Return a conditional request for a page, from the headers of an earlier response."""
    conditional = {"If-None-Match": received["etag"]}
    if cookie := received.get("set-cookie"):
        conditional["Cookie"] = cookie.partition(";")[0]
    return Request(request.method, request.path, {**request.headers, **conditional})


def flatness(people: dict[str, Person], places: dict[str, Any], posts: int) -> dict[str, Cell]:
    """Return the reads of one database, by name.

    Without a place deep in the list, those that only a large database has are left out. What is
    compared is adjacent, so that it is measured in the same seconds.
    """
    cells: dict[str, Cell] = {}
    cursor = places["deep"]

    def add(interface: str, operation: str, who: Person, what: str, **place: Any) -> None:
        sent = [ask(interface, operation, who, **place)]
        cells[f"{interface} {what}"] = Cell("ublog", interface, operation, who.name, sent)

    for interface in INTERFACES:
        add(interface, "list", ANONYMOUS, "list")
        if cursor:
            add(interface, "list", ANONYMOUS, "list, depth 100,000", cursor=cursor)
        add(interface, "list", people["reader_ten"], "list, ten likes")
        if cursor:
            add(interface, "list", people["reader_many"], "list, 100,000 likes")
        add(interface, "detail", ANONYMOUS, "detail", id=posts)
    for name, read in GROWING.items():
        cells[name] = Cell("ublog", read.target, name, read.who, [read.request(people, places)])
    return cells


def as_json(requests: list[Request]) -> list[dict[str, Any]]:
    return [asdict(request) for request in requests]
