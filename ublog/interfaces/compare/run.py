"""Run an operation through all five interfaces, in a dry run, and compare what each shows."""

import logging
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from statistics import median
from typing import Any

from ublog.interfaces.compare import requests, results
from ublog.interfaces.compare.client import Response, send
from ublog.interfaces.compare.operations import INTERFACES, Operation
from ublog.interfaces.compare.requests import Request
from ublog.interfaces.compare.results import Post, Result
from ublog.interfaces.compare.scenes import Scene, prepare
from ublog.operations import dry_run

log = logging.getLogger(__name__)

SAMPLES = 5
FIRST = (
    50.0  # ms that the first request of an interface is expected to take, with what is read then
)
CREATED = re.compile(r"/(\d+)/$")  # the end of the URL of a post
OUT_OF_TIME = "The time of one run was up before this one. Run it again."


@dataclass
class Row:
    """What one interface did. Without a response `problem` says why."""

    interface: str
    request: Request
    response: Response | None = None
    result: Result | None = None
    times: list[float] = field(default_factory=list)
    cpu_times: list[float] = field(default_factory=list)
    sql_times: list[float] = field(default_factory=list)
    problem: str = OUT_OF_TIME
    differences: list[str] = field(default_factory=list)

    @property
    def expected(self) -> float:
        """Return how many seconds the next request is expected to take at most."""
        return max(self.times, default=FIRST) / 1000

    @property
    def was_run(self) -> bool:
        """Return whether the time of the run was enough for this interface."""
        return self.response is not None or self.problem != OUT_OF_TIME

    @property
    def is_same(self) -> bool:
        return self.result is not None and not self.differences

    @property
    def cpu_ms(self) -> float:
        return median(self.cpu_times)

    @property
    def sql_ms(self) -> float:
        return median(self.sql_times)


@dataclass(frozen=True)
class Run:
    """A run: a row for each interface, and the texts that several of them have in common."""

    scene: Scene
    rows: dict[str, Row]

    @property
    def samples(self) -> int:
        """Return how many times each interface that was run was measured, at least; 0: none."""
        return min((len(row.times) for row in self.rows.values() if row.times), default=0)

    def is_shared(self, sql: str) -> bool:
        """Return whether all interfaces send that statement."""
        return all(
            row.response and sql in {one.sql for one in row.response.queries}
            for row in self.rows.values()
        )

    def has_header(self, name: str, text: str) -> bool:
        """Return whether all responses have that header."""
        return all(
            row.response and row.response.headers.get(name) == text for row in self.rows.values()
        )


def run(operation: Operation, who: str, user: Any, post_id: int | None) -> Run:
    """Run the operation through all interfaces, SAMPLES times or as often as the time permits.

    Raise RateLimited, and Post.DoesNotExist for a chosen post that does not exist.
    """
    warm_up()
    with dry_run.rolled_back(user) as clock:
        scene = prepare(operation, who, user, post_id)
        rows = {name: Row(name, request_of(operation, name, scene)) for name in INTERFACES}
        for row in list(rows.values()) * SAMPLES:
            if clock.has_room(row.expected):
                with dry_run.undone():
                    sample(operation, row, scene)
    compare(operation, list(rows.values()))
    return Run(scene, rows)


@cache
def warm_up() -> None:
    """Read a list through each interface, so that no run measures what is done once."""
    with dry_run.quiet():
        for name in INTERFACES:
            send(requests.build(requests.LIST, name, 0), name)


def request_of(operation: Operation, interface: str, scene: Scene) -> Request:
    return requests.build(operation, interface, scene.post_id, scene.version)


def sample(operation: Operation, row: Row, scene: Scene) -> None:
    """Send the request of a row once. An unexpected error is that row's, and is logged."""
    try:
        response = send(row.request, row.interface, scene.login)
        row.times.append(response.ms)
        row.cpu_times.append(response.cpu_ms)
        row.sql_times.append(response.sql_ms)
        if row.response is None:
            row.response = response
            row.result = look(operation, row.interface, response, scene)
    except Exception as error:
        log.exception("The comparison has failed in %s", row.interface)
        row.problem = f"{type(error).__name__}: see the log of the server."


# -- What its user sees -----------------------------------------------------------------------


def look(operation: Operation, interface: str, response: Response, scene: Scene) -> Result:
    """Return how the operation ended, and what a user of the interface sees then."""
    outcome = results.outcome(interface, response)
    if operation.verb == "list":
        return Result(outcome, results.posts(interface, response))
    if outcome == "done" and operation.verb != "delete":
        return Result(outcome, shown(operation, interface, response, scene))
    return Result(outcome, read_again(interface, scene))


def shown(
    operation: Operation, interface: str, response: Response, scene: Scene
) -> list[Post] | None:
    """Return the post as the response shows it, or the page to which the response redirects."""
    found, target = results.posts(interface, response), scene.post_id
    location = response.headers.get("Location", "")
    if location:
        page = send(Request("GET", location), interface, scene.login)
        found = results.posts(interface, page)
    if operation.verb == "publish":
        number = CREATED.search(location)
        target = int(number[1]) if number else found[0]["id"] if found else 0
    return [post for post in found or () if post["id"] == target]


def read_again(interface: str, scene: Scene) -> list[Post] | None:
    """Return the post as it is then; None if it is gone. Without a post, return the timeline."""
    if not scene.post_id:
        page = send(requests.build(requests.LIST, interface, 0), interface, scene.login)
        return results.posts(interface, page)
    response = send(requests.read(interface, scene.post_id), interface, scene.login)
    if results.outcome(interface, response) != "done":
        return None
    found = results.posts(interface, response) or ()
    return [post for post in found if post["id"] == scene.post_id] or None


# -- The same? --------------------------------------------------------------------------------


def compare(operation: Operation, rows: list[Row]) -> None:
    """Note in each row that was run in what it differs from what most interfaces show."""
    rows = [row for row in rows if row.was_run]
    facts = [facts_of(operation, row) for row in rows]
    usual = {
        name: most_common([each.get(name) for each in facts]) for each in facts for name in each
    }
    for row, each in zip(rows, facts, strict=True):
        row.differences = [
            f"{name}: {each.get(name, 'absent')}, elsewhere {value}"
            for name, value in usual.items()
            if each.get(name) != value
        ]


def most_common(values: list[Any]) -> Any:
    return Counter(values).most_common(1)[0][0]


def facts_of(operation: Operation, row: Row) -> dict[str, Any]:
    """Return what a row shows by name, such as `like_count`; nothing where it failed.

    The id of a new post is left out: sequences advance also in what is rolled back.
    """
    if row.result is None:
        return {"outcome": row.problem}
    posts = row.result.posts
    facts: dict[str, Any] = {"outcome": row.result.outcome}
    facts["posts shown"] = len(posts) if posts is not None else 0
    for number, post in enumerate(posts or (), 1):
        prefix = f"post {number}, " if len(posts or ()) > 1 else ""
        hidden = {"id"} if operation.verb == "publish" and not operation.is_error else set()
        facts |= {f"{prefix}{name}": post[name] for name in post.keys() - hidden}
    return facts
