"""The page `/compare/OPERATION/`: five codes, requests, responses and costs side by side.

The URL is the state: the operation, the two interfaces that are side by side (`left`, `right`), who
acts (`who`), the post (`post`), what is shown of each (`view`), and `run` for a run. Without `run`
nothing is executed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ublog.accounts import reading
from ublog.blog.models import Post
from ublog.core.ids import parse_id
from ublog.interfaces.compare import requests, scenes
from ublog.interfaces.compare.figures import measured
from ublog.interfaces.compare.operations import ERROR_PLACES, INTERFACES, OPERATIONS, Operation
from ublog.interfaces.compare.panels import Panel, block
from ublog.interfaces.compare.run import SAMPLES, Run, run

VIEWS = {
    "all": "Everything",
    "code": "Code",
    "request": "Request",
    "response": "Response",
    "sql": "SQL",
}
DEFAULTS = {
    "left": "fbv",
    "right": "rest-viewset",
    "who": "reader",
    "post": "",
    "view": "all",
    "run": "",
}
# What the page offers to choose from.
LISTS = {"operations": OPERATIONS, "who": scenes.WHO, "views": VIEWS}
CHOICES: dict[str, Iterable[str]] = {
    "left": INTERFACES,
    "right": INTERFACES,
    "who": scenes.WHO,
    "view": VIEWS,
}


@dataclass(frozen=True)
class State:
    """What the URL says."""

    name: str
    left: str
    right: str
    who: str
    post: str
    view: str
    run: str
    operation: Operation = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "operation", OPERATIONS[self.name])

    @classmethod
    def of(cls, name: str, query: QueryDict) -> "State":
        """Return the state of a URL. Raise Http404 or ValidationError for what there is not."""
        if name not in OPERATIONS:
            raise Http404
        values = {key: query.get(key) or usual for key, usual in DEFAULTS.items()}
        for key, choices in CHOICES.items():
            if values[key] not in choices:
                raise ValidationError({key: [f"Choose one of: {', '.join(choices)}."]})
        return cls(name, **values)

    @property
    def post_id(self) -> int | None:
        """Return the chosen post. Raise Post.DoesNotExist for what is no id."""
        if not self.post:
            return None
        id = parse_id(self.post)
        if not id:
            raise Post.DoesNotExist
        return id

    @property
    def logged_in(self) -> bool:
        """Return whether a client would log in for this."""
        return self.who != "visitor" and self.operation.outcome != "not authenticated"

    def query(self, **changes: str) -> str:
        """Return the query string of this state with changes: what is usual is left out."""
        values = {name: getattr(self, name) for name in DEFAULTS} | changes
        chosen = {name: value for name, value in values.items() if value != DEFAULTS[name]}
        return f"?{urlencode(chosen)}" if chosen else "?"


@require_safe
def view(request: HttpRequest, name: str) -> HttpResponse:
    """Return the comparison of an operation, with a run if the URL asks for one.

    Raise MembersOnly, and what `run` raises: the middleware of the pages makes the response, such
    as a 429.
    """
    reading.check_may_read(request.user)
    state = State.of(name, request.GET)
    ran = run(state.operation, state.who, request.user, state.post_id) if state.run else None
    context = {
        "state": state,
        **LISTS,
        "run": ran,
        "most_samples": SAMPLES,
        "measured": measured(),
        **columns(state, panels_of(state, ran)),
        **shared_code(state),
    }
    return render(request, "compare/operation.html", context)


def columns(state: State, panels: dict[str, Panel]) -> dict[str, Any]:
    """Return the panels of all, of the two that are side by side, and of the others."""
    return {
        "panels": panels,
        "sides": {"left": panels[state.left], "right": panels[state.right]},
        "others": [each for key, each in panels.items() if key not in (state.left, state.right)],
    }


def panels_of(state: State, ran: Run | None) -> dict[str, Panel]:
    """Return what the page shows of each interface."""
    operation, post_id = state.operation, post_to_copy(state, ran)
    version = version_of(operation)
    built = {name: requests.build(operation, name, post_id, version) for name in INTERFACES}
    return {
        name: Panel(name, operation, request, post_id, state.logged_in, ran)
        for name, request in built.items()
    }


def post_to_copy(state: State, ran: Run | None) -> int:
    """Return the post of the requests to copy: one that is stored, where there is one."""
    if ran and ran.scene.post_id and not ran.scene.is_made_up:
        return ran.scene.post_id
    newest = scenes.newest_post(None) if state.post_id is None else None
    return state.post_id or (newest.pk if newest else 1)


def version_of(operation: Operation) -> str | None:
    """Return an old version for requests to copy: any is old that a post does not have."""
    return "2001-01-01T00:00:00Z" if operation.outcome == "stale" else None


def shared_code(state: State) -> dict[str, Any]:
    """Return the code of the domain, and for an error where it becomes a response."""
    places = dict.fromkeys(ERROR_PLACES.values()) if state.operation.is_error else {}
    return {
        "domain": [block(*place.split(":")) for place in state.operation.domain],
        "error_places": [block(*place.split(":")) for place in places],
    }
