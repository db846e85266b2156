"""Pages of the domain as Relay connections: https://relay.dev/graphql/connections.htm."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import graphene
from django.core.exceptions import ValidationError

from ublog.core.cursors import (
    DEFAULT_PAGE_SIZE,
    Cursor,
    Item,
    Page,
    PageRequest,
    checked_size,
)


def connection_arguments() -> dict[str, Any]:
    """Return the arguments of a field that returns a page: new ones, which Graphene has in the
    order in which they were made."""
    return {
        "first": graphene.Int(),
        "after": graphene.String(),
        "last": graphene.Int(),
        "before": graphene.String(),
    }


def page_request(
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    *,
    oldest_first: bool = False,
) -> PageRequest:
    """Return which page is requested: the `first` items after a cursor, or the `last` before one.

    `oldest_first` is the order of the list: after an item of it are newer ones.

    Raise ValidationError for a bad cursor or number, under the name of its argument, and for
    arguments of both kinds.
    """
    if last is None and before is None:
        with errors_of(page_size="first", cursor="after"):
            return {"cursor": decode(after, older=not oldest_first), "page_size": page_size(first)}
    if before is None or first is not None or after is not None:
        raise ValidationError("Use `first` with `after`, or `last` with `before`.")
    with errors_of(page_size="last", cursor="before"):
        return {"cursor": decode(before, older=oldest_first), "page_size": page_size(last)}


@contextmanager
def errors_of(**arguments: str) -> Iterator[None]:
    """Raise the errors of these parameters of the domain under the names of the arguments."""
    try:
        yield
    except ValidationError as error:
        messages = error.message_dict.items()
        raise ValidationError({arguments[name]: text for name, text in messages}) from None


def decode(cursor: str | None, *, older: bool) -> Cursor | None:
    """Return the cursor, from which to read older or newer items."""
    return None if cursor is None else Cursor.decode(cursor).reading(older=older)


def page_size(size: int | None) -> int:
    """Return the requested number of items, or the default. Raise ValidationError."""
    return DEFAULT_PAGE_SIZE if size is None else checked_size(size)


def connection(page: Page[Item]) -> dict[str, Any]:
    """Return a page as the fields of a Relay connection.

    A page of which the viewer mutes everything is empty, and leads on all the same, as one of a
    search does that stopped before it had a whole page.
    """
    edges = [{"node": item, "cursor": Cursor.at(item).encode()} for item in page.items]
    whole = bool(edges) and not page.searched_to
    return {
        "edges": edges,
        "searched_to": page.searched_to,
        "page_info": {
            "has_next_page": page.next is not None,
            "has_previous_page": page.previous is not None,
            "start_cursor": edges[0]["cursor"] if whole else page.previous,
            "end_cursor": edges[-1]["cursor"] if whole else page.next,
        },
    }
