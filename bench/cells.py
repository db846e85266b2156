"""What is measured, each a cell of the tables."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from bench.requests import INTERFACES, OPERATIONS, PAGES, Person, Request, ask

ANONYMOUS = Person()
POOL = 2_000  # posts that a second of deletions may use up
STOCK = 20_000  # posts that are made to be deleted, at once
WATCHING = ("ublog", "without", "unlogged")
# What P1 to P5 are about.
MAIN = {
    ("list", "anonymous"),
    ("detail", "anonymous"),
    ("create", "signed in"),
    ("like", "signed in"),
}


@dataclass(frozen=True)
class Cell:
    """An operation at one server: `target` is the interface, or what stands in its place."""

    server: str
    target: str
    operation: str
    who: str
    requests: list[Request]

    @property
    def place(self) -> dict[str, str]:
        """Where its row stands in the tables."""
        return {"target": self.target, "operation": self.operation, "who": self.who}

    @property
    def compared(self) -> tuple[str, str]:
        """Operation and person of the cells that it is compared with."""
        return self.operation.removesuffix(" again"), self.who

    @property
    def seat(self) -> str:
        """A server of its own: no other cell that it is compared with is sent there."""
        return f"{self.target} again" if self.operation.endswith(" again") else self.target

    @property
    def is_ours(self) -> bool:
        return self.server == "ublog"


def ladder(people: dict[str, Person], posts: int, quick: bool) -> list[Cell]:
    """Every operation through every interface, the bare server and the peers, side by side."""
    reader, writer = people["reader_ten"], people["writer"]
    targets = [*INTERFACES, "bare", "drf", "fastapi"]

    def ids(operation: str, target: str) -> Iterable[int | None]:
        """Posts of its own for each target: a like that another has given would be taken back."""
        if operation in ("list", "create"):
            return [None] * (1 if operation == "list" else 100)
        if operation == "edit":  # the writer's
            return range(1, 101)
        first = posts - 1_000 + 100 * targets.index(target)
        return range(first, first + 100)

    def cell(server: str, operation: str, who: Person, interface: str = "") -> Cell:
        target = interface or server
        sent = [ask(target, operation, who, id) for id in ids(operation, target)]
        name = "anonymous" if who is ANONYMOUS else "signed in"
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
                cells += [cell(peer, operation, who) for peer in ("drf", "fastapi")]
    if quick:
        cells = [c for c in cells if c.compared in MAIN and wanted_quick(c)]
    return cells


def profiled(people: dict[str, Person], posts: int) -> list[Cell]:
    """MAIN through every interface of the product."""
    every = ladder(people, posts, quick=False)
    return [c for c in every if c.is_ours and (c.operation, c.who) in MAIN]


def watching() -> list[Cell]:
    """P8: the REST list with and without what watches and guards a request."""
    sent = [ask("rest-functions", "list", ANONYMOUS)]
    return [Cell(server, server, "list", "anonymous", sent) for server in WATCHING]


def wanted_quick(cell: Cell) -> bool:
    return cell.compared[0] == "list" or cell.target in ("bare", "rest-functions")


def again(request: Request, answered: dict[str, str]) -> Request:
    """The same page, asked for by someone who has it, and the cookie that came with it if any."""
    kept = {"If-None-Match": answered["etag"]}
    if cookie := answered.get("set-cookie"):
        kept["Cookie"] = cookie.partition(";")[0]
    return Request(request.method, request.path, {**request.headers, **kept})


def flatness(people: dict[str, Person], posts: int, cursor: str | None) -> dict[str, Cell]:
    """Reads of one database, by name; those that only a large one has are left out. What is
    compared stands together, so that it is measured in the same seconds."""
    cells: dict[str, Cell] = {}

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
    return cells


def as_json(requests: list[Request]) -> list[dict[str, Any]]:
    return [asdict(request) for request in requests]
