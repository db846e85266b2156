"""A post as a viewer sees it: the row that lists and details are made of.

A list is read far more often than anything else, and a model instance for each of its rows would
cost several times what the database takes. `Post.objects.rows_for` is the query set of these rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypedDict

from django.core.files.storage import default_storage

from ublog.accounts.models import DisplayNameMixin
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
    image_medium: Any
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
            "url": default_storage.url(str(self.image_medium or self.image)),
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
    image_medium: str
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


# `PostRow._make` without counting the columns of each row.
make_row: Callable[[Any], PostRow] = partial(tuple.__new__, PostRow)

# What `PostManager.rows_for` selects, in the order of `PostColumns`; `viewer_like` is annotated.
COLUMNS = tuple(
    f"created_by__{name}" if name in ("username", "display_name") else name
    for name in PostColumns._fields[:-1]
)
