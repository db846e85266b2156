"""Keyset pagination of a timeline: the same cost at any depth, nothing skipped or repeated.

A timeline is ordered newest first by `created_on`, then `id`, a conversation oldest first. All
interfaces use these pages.
"""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Generic, Protocol, TypedDict, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import DateTimeField, Lookup, QuerySet
from django.db.models.expressions import Col


class HasTimestamp(Protocol):
    """An object that can be in a timeline."""

    @property
    def pk(self) -> Any: ...

    @property
    def created_on(self) -> Any: ...


Item = TypeVar("Item", bound=HasTimestamp)
Rows = TypeVar("Rows", bound=QuerySet[Any])
DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEWEST_FIRST = ("-created_on", "-id")
OLDEST_FIRST = ("created_on", "id")


@dataclass(frozen=True)
class Cursor:
    """A place in a timeline and the direction to read from it.

    Without `created_on` it is the place of the item with that id, whose moment the database looks
    up: for clients that send nothing but ids.
    """

    created_on: datetime | None
    id: int
    older: bool = True

    # These represent any cursor in a query that is compiled once.
    PLACEHOLDER: ClassVar["Cursor"]
    PLACEHOLDER_OF_ID: ClassVar["Cursor"]

    @classmethod
    def at(cls, item: HasTimestamp, *, older: bool = True) -> "Cursor":
        return cls(item.created_on, item.pk, older)

    def encode(self) -> str:
        """Return the cursor as an opaque string that needs no escaping in a URL."""
        assert self.created_on is not None, "a cursor that is an id alone is never sent"  # noqa: S101
        micros = (self.created_on - EPOCH) // timedelta(microseconds=1)
        plain = f"{'o' if self.older else 'n'}{micros}.{self.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> "Cursor":
        """Return the cursor that was encoded. Raise ValidationError for any other string."""
        try:
            plain = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
            micros, key = plain[1:].split(".")
            created_on = EPOCH + timedelta(microseconds=int(micros))
            cursor = cls(created_on, int(key), {"o": True, "n": False}[plain[0]])
        except (ValueError, KeyError, IndexError, OverflowError, binascii.Error):
            cursor = None
        if cursor is None or cursor.encode() != text or not 0 < cursor.id < 2**63:
            raise ValidationError({"cursor": ["This is not a cursor of this list."]})
        return cursor

    def reading(self, *, older: bool) -> "Cursor":
        """Return the cursor of the same place with that direction."""
        return replace(self, older=older)


Cursor.PLACEHOLDER = Cursor(EPOCH, -3)
Cursor.PLACEHOLDER_OF_ID = Cursor(None, -3)
# The moment of the item with an id. Where it is gone, that of the one before it: items are
# inserted in the order of their ids. Before the first one, the beginning of time.
MOMENT_OF_ID = """
    COALESCE(
        (SELECT created_on FROM {table} WHERE id <= %s ORDER BY id DESC LIMIT 1),
        '0001-01-01 00:00:00'
    )
"""


@DateTimeField.register_lookup
class KeysetLookup(Lookup[Any]):
    """Compare a row with a cursor: `created_on__keyset=cursor` is `(created_on, id) < (x, y)`.

    It is `>` for newer items. Both databases find a row value by one index lookup, and PostgreSQL
    needs one plan for all cursors.
    """

    lookup_name = "keyset"
    prepare_rhs = False
    rhs: Cursor

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key = Col(self.lhs.alias, self.lhs.target.model._meta.pk)
        columns = ", ".join(compiler.compile(column)[0] for column in (self.lhs, key))
        step = "<" if self.rhs.older else ">"
        if self.rhs.created_on is None:
            table = connection.ops.quote_name(self.lhs.target.model._meta.db_table)
            moment = MOMENT_OF_ID.format(table=table)
            return f"({columns}) {step} ({moment}, %s)", (self.rhs.id, self.rhs.id)
        moment = connection.ops.adapt_datetimefield_value(self.rhs.created_on)
        return f"({columns}) {step} (%s, %s)", (moment, self.rhs.id)


class PageRequest(TypedDict, total=False):
    """The arguments of `PageQuery.at`."""

    cursor: Cursor | str | None
    page_size: int | str


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Items in the order of their list, and the cursors of the pages after and before them.

    `searched_to` is the moment at which a search stopped looking, while there is more to look at.
    """

    items: list[Item]
    next: str | None
    previous: str | None
    searched_to: datetime | None = None


@dataclass(frozen=True)
class PageQuery:
    """The part of a list that is requested: `size` items from a cursor on.

    The list is a timeline, newest first, or with `oldest_first` a conversation.
    """

    size: int
    cursor: Cursor | None = None
    oldest_first: bool = False

    @classmethod
    def at(
        cls,
        *,
        cursor: Cursor | str | None = None,
        page_size: int | str = DEFAULT_PAGE_SIZE,
        oldest_first: bool = False,
    ) -> "PageQuery":
        """Return the query for these parameters of a request.

        Raise ValidationError for a malformed cursor, and for a size outside 1 to MAX_PAGE_SIZE.
        """
        size = checked_size(page_size)
        cursor = Cursor.decode(cursor) if isinstance(cursor, str) else cursor
        return cls(size, cursor, oldest_first)

    @property
    def older(self) -> bool:
        """Return whether the page is read from newer to older items."""
        return self.cursor.older if self.cursor else not self.oldest_first

    @property
    def limit(self) -> int:
        """Return how many items to fetch: one more than `size` shows whether more follow."""
        return self.size + 1

    def of(self, items: Rows, key: str = "") -> Rows:
        """Return the query set, ordered and limited to this page.

        `key` names the field with the ids of the items, if the page is to be read by ids: they are
        in the order of the timeline, since `created_on` is the moment of the insertion.
        """
        return self.onward(items, key)[: self.limit]

    def onward(self, items: Rows, key: str = "") -> Rows:
        """Return the query set as `of` does, not limited: what follows the cursor, in order."""
        order = [key] if key else OLDEST_FIRST
        items = items.order_by(*(f"-{name}" if self.older else name for name in order))
        if self.cursor and key:
            items = items.filter(**{f"{key}__{'lt' if self.older else 'gt'}": self.cursor.id})
        elif self.cursor:
            items = items.filter(created_on__keyset=self.cursor)
        return items

    def page(self, found: list[Item]) -> Page[Item]:
        """Return the page of the items that were fetched."""
        more, items = len(found) > self.size, found[: self.size]
        if self.older == self.oldest_first:  # read against the order of the list
            return self._page(items[::-1], more_before=more, more_after=True)
        return self._page(items, more_before=self.cursor is not None, more_after=more)

    def _page(self, items: list[Item], *, more_before: bool, more_after: bool) -> Page[Item]:
        before = after = None
        if items and more_before:
            before = Cursor.at(items[0], older=self.oldest_first).encode()
        if items and more_after:
            after = Cursor.at(items[-1], older=not self.oldest_first).encode()
        return Page(items, next=after, previous=before)


def checked_size(value: int | str) -> int:
    """Return a page size as a number. Raise ValidationError outside 1 to MAX_PAGE_SIZE."""
    try:
        size = int(value)
    except ValueError:
        size = 0
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise ValidationError({"page_size": [f"Give a number from 1 to {MAX_PAGE_SIZE}."]})
    return size
