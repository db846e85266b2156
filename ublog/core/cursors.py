"""Pages of a timeline by keyset: the same cost at any depth, nothing skipped, nothing repeated.

A timeline is ordered newest first by `created_on`, then `id`. Every door pages with this.
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
    """What has a place in a timeline."""

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
    """A place in a timeline and the direction to read from it."""

    created_on: datetime
    id: int
    older: bool = True

    PLACEHOLDER: ClassVar["Cursor"]  # represents any cursor in a query that is compiled once

    @classmethod
    def at(cls, item: HasTimestamp, *, older: bool = True) -> "Cursor":
        return cls(item.created_on, item.pk, older)

    def encode(self) -> str:
        """The cursor as an opaque word that needs no escaping in an address."""
        micros = (self.created_on - EPOCH) // timedelta(microseconds=1)
        plain = f"{'o' if self.older else 'n'}{micros}.{self.id}"
        return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, word: str) -> "Cursor":
        """The cursor that `encode` gave. Raises ValidationError for any other word."""
        try:
            plain = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode()
            micros, key = plain[1:].split(".")
            created_on = EPOCH + timedelta(microseconds=int(micros))
            cursor = cls(created_on, int(key), {"o": True, "n": False}[plain[0]])
        except (ValueError, KeyError, IndexError, OverflowError, binascii.Error):
            cursor = None
        if cursor is None or cursor.encode() != word or not 0 < cursor.id < 2**63:
            raise ValidationError({"cursor": ["This is not a cursor of this list."]})
        return cursor

    def reading(self, *, older: bool) -> "Cursor":
        return replace(self, older=older)


Cursor.PLACEHOLDER = Cursor(EPOCH, -3)


@DateTimeField.register_lookup
class KeysetLookup(Lookup[Any]):
    """`created_on__keyset=cursor`: `(created_on, id) < (x, y)`, or `>` on the way back.

    Compared as one row, both databases find the place by one look into the index, and PostgreSQL
    keeps one plan for every place.
    """

    lookup_name = "keyset"
    prepare_rhs = False
    rhs: Cursor

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        key = Col(self.lhs.alias, self.lhs.target.model._meta.pk)
        columns = ", ".join(compiler.compile(column)[0] for column in (self.lhs, key))
        moment = connection.ops.adapt_datetimefield_value(self.rhs.created_on)
        step = "<" if self.rhs.older else ">"
        return f"({columns}) {step} (%s, %s)", (moment, self.rhs.id)


class PageRequest(TypedDict, total=False):
    """Which page is meant, as given to `Window.at`."""

    cursor: Cursor | str | None
    page_size: int | str


@dataclass(frozen=True)
class Page(Generic[Item]):
    """Some items, newest first, and the cursors of the pages around them."""

    items: list[Item]
    next: str | None
    previous: str | None


@dataclass(frozen=True)
class PageQuery:
    """Which part of a timeline is looked at: so many items from a place on."""

    size: int
    cursor: Cursor | None = None

    @classmethod
    def at(
        cls, *, cursor: Cursor | str | None = None, page_size: int | str = DEFAULT_PAGE_SIZE
    ) -> "PageQuery":
        """Raises ValidationError for a cursor that is none, and for a size not from 1 to
        MAX_PAGE_SIZE."""
        size = checked_size(page_size)
        return cls(size, Cursor.decode(cursor) if isinstance(cursor, str) else cursor)

    @property
    def older(self) -> bool:
        """Whether it opens towards the older items."""
        return self.cursor is None or self.cursor.older

    @property
    def shape(self) -> "PageQuery":
        """What queries of this kind have in common: the same for every cursor of a direction."""
        cursor = self.cursor and replace(Cursor.PLACEHOLDER, older=self.cursor.older)
        return replace(self, cursor=cursor)

    @property
    def limit(self) -> int:
        """How many items to ask for: one more than are shown tells whether more follow."""
        return self.size + 1

    def of(self, items: Rows) -> Rows:
        items = items.order_by(*(NEWEST_FIRST if self.older else OLDEST_FIRST))
        if self.cursor:
            items = items.filter(created_on__keyset=self.cursor)
        return items[: self.limit]

    def page(self, found: list[Item]) -> Page[Item]:
        """The page of what was found in this window."""
        more, items = len(found) > self.size, found[: self.size]
        if not self.older:
            return _page(items[::-1], more_newer=more, more_older=True)
        return _page(items, more_newer=self.cursor is not None, more_older=more)


def checked_size(value: int | str) -> int:
    try:
        size = int(value)
    except ValueError:
        size = 0
    if not 1 <= size <= MAX_PAGE_SIZE:
        raise ValidationError({"page_size": [f"Give a number from 1 to {MAX_PAGE_SIZE}."]})
    return size


def _page(items: list[Item], *, more_newer: bool, more_older: bool) -> Page[Item]:
    newer = Cursor.at(items[0], older=False).encode() if items and more_newer else None
    older = Cursor.at(items[-1]).encode() if items and more_older else None
    return Page(items, next=older, previous=newer)
