"""A post as somebody sees it, and the one statement that reads nearly all that are seen.

A list is read far more often than anything else. Building its query and a model of each row would
cost ten times as much as the database's answer, so a page is rows, and the page that everybody
asks for is fixed SQL. `Post.objects.rows_for` gives the same rows for every other question.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypedDict

from django.core.files.storage import default_storage
from django.db import connection

from ublog.accounts.models import DisplayNameMixin
from ublog.core.cursors import PageQuery
from ublog.core.models import TimestampMixin
from ublog.core.viewers import Viewer


class Picture(TypedDict):
    """A post's picture as it is shown; width and height in pixels."""

    url: str
    thumbnail: str
    width: int | None
    height: int | None
    alt: str


class PostDisplayMixin:
    """What is shown of a post, be it a `Post` or a row of a page."""

    created_by_id: int | None
    viewer_like: int | None  # the like of the viewer it was read for
    image: Any  # names of stored files, "" for none
    feed: Any
    thumbnail: Any
    image_alt: Any
    image_width: Any
    image_height: Any

    @property
    def liked(self) -> bool:
        """Whether the viewer that this post was read for likes it."""
        return self.viewer_like is not None

    def editable_by(self, viewer: Viewer) -> bool:
        """Only its author may change a post; one without an author is left to the admin."""
        return self.created_by_id is not None and self.created_by_id == viewer.pk

    @property
    def picture(self) -> Picture | None:
        """Its picture, as large as a reader's column and small; until the worker has made
        these, the picture itself. Width and height are the picture's."""
        if not self.image:
            return None
        return {
            "url": default_storage.url(str(self.feed or self.image)),
            "thumbnail": default_storage.url(str(self.thumbnail or self.image)),
            "width": self.image_width,
            "height": self.image_height,
            "alt": self.image_alt,
        }


@dataclass(slots=True)
class Author(DisplayNameMixin):
    """Whoever wrote a post."""

    username: str
    display_name: str


class PostColumns(NamedTuple):
    """What is read of a shown post, in this order."""

    id: int
    body: str
    created_on: datetime
    modified_on: datetime
    like_count: int
    image: str
    image_alt: str
    image_width: int | None
    image_height: int | None
    feed: str
    thumbnail: str
    created_by_id: int | None
    username: str | None
    display_name: str | None
    viewer_like: int | None


class PostRow(PostColumns, PostDisplayMixin, TimestampMixin):
    """A row of a page, with the names that a `Post` has."""

    __slots__ = ()

    @property
    def pk(self) -> int:
        return self.id

    @property
    def created_by(self) -> Author | None:
        """None: published anonymously."""
        return Author(self.username, self.display_name or "") if self.username else None


# As `PostRow._make`, which would count the columns of each row, too.
of_row: Callable[[Any], PostRow] = partial(tuple.__new__, PostRow)

OF_POST = PostColumns._fields[: PostColumns._fields.index("username")]
OF_AUTHOR = ("username", "display_name")
COLUMNS = (*OF_POST, *(f"created_by__{name}" for name in OF_AUTHOR))  # and viewer_like

# A scalar subquery looks up one row of a unique index for each post of the page; EXISTS would
# make PostgreSQL hash every like of the viewer (50 ms for 100 thousand).
MINE = """(SELECT mine.id FROM blog_postlike mine
           WHERE mine.post_id = post.id AND mine.liked_by_id = %s LIMIT 1)"""
SELECT = f"""SELECT {", ".join(f"post.{name}" for name in OF_POST)},
       {", ".join(f"author.{name}" for name in OF_AUTHOR)}, {{mine}}
FROM blog_post post LEFT JOIN accounts_customuser author ON author.id = post.created_by_id
"""  # noqa: S608  # nosec B608 - names of ours
FOR_STRANGER, FOR_VIEWER = SELECT.format(mine="NULL"), SELECT.format(mine=MINE)
ONE = "WHERE post.id = %s"
NEWEST = "ORDER BY post.created_on DESC, post.id DESC LIMIT {limit:d}"
OLDER = "WHERE (post.created_on, post.id) < (%s, %s) " + NEWEST  # as `KeysetLookup`


def one(viewer: Viewer, pk: int) -> PostRow | None:
    return next(iter(select(viewer, ONE, pk)), None)


def newest(viewer: Viewer, window: PageQuery) -> list[PostRow]:
    """The posts of a window that opens towards the older ones."""
    if window.cursor is None:
        return select(viewer, NEWEST.format(limit=window.limit))
    here = connection.ops.adapt_datetimefield_value(window.cursor.created_on)
    return select(viewer, OLDER.format(limit=window.limit), here, window.cursor.id)


def select(viewer: Viewer, which: str, *parameters: Any) -> list[PostRow]:
    statement, values = FOR_STRANGER + which, parameters
    if viewer.pk:
        statement, values = FOR_VIEWER + which, (viewer.pk, *parameters)
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)  # None: no placeholder to look for
        return list(map(of_row, cursor.fetchall()))
