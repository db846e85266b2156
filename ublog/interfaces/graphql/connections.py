"""The domain's pages as Relay connections: https://relay.dev/graphql/connections.htm."""

from typing import Any

from django.core.exceptions import ValidationError

from ublog.core.cursors import DEFAULT_PAGE_SIZE, Cursor, Item, Page, PageRequest


def place(
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
) -> PageRequest:
    """Which page is meant: `first` after a cursor, or `last` before one.

    Raises ValidationError for a bad cursor and for a mixture of the two.
    """
    if last is None and before is None:
        return {"cursor": _reading(after, older=True), "page_size": _size(first)}
    if before is None or first is not None or after is not None:
        raise ValidationError("Ask for `first` with `after`, or for `last` with `before`.")
    return {"cursor": _reading(before, older=False), "page_size": _size(last)}


def _reading(cursor: str | None, *, older: bool) -> Cursor | None:
    return None if cursor is None else Cursor.decode(cursor).reading(older=older)


def _size(given: int | None) -> int:
    return DEFAULT_PAGE_SIZE if given is None else given


def connection(page: Page[Item]) -> dict[str, Any]:
    edges = [{"node": item, "cursor": Cursor.at(item).encode()} for item in page.items]
    return {
        "edges": edges,
        "page_info": {
            "has_next_page": page.next is not None,
            "has_previous_page": page.previous is not None,
            "start_cursor": edges[0]["cursor"] if edges else None,
            "end_cursor": edges[-1]["cursor"] if edges else None,
        },
    }
