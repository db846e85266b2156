"""A post as a viewer sees it: the row that lists and pages of one post are made of.

Lists are read far more often than anything else, and a model instance for each row would cost
several times what the database takes. `Post.objects.rows_for` is the query set of these rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple, TypedDict

from django.core.files.storage import default_storage
from django.db import models

from ublog.accounts.models import DisplayNameMixin
from ublog.core.models import TimestampMixin
from ublog.core.viewers import Viewer


class PostState(models.IntegerChoices):
    """What happened to a post that is not published any more."""

    DELETED = 1, "deleted"  # a tombstone, which stays while it has replies


class Picture(TypedDict):
    """The image of a post as it is shown: two URLs, and width and height in pixels."""

    url: str
    thumbnail: str
    width: int | None
    height: int | None
    alt: str


class PostDisplayMixin:
    """What the interfaces show of a post: the same for a `Post` and for a `PostRow`."""

    created_by_id: int | None
    viewer_like: int | None  # the id of the like of the viewer for whom it was read
    viewer_bookmark: int | None
    image: Any  # the names of stored files, "" without one
    image_medium: Any
    thumbnail: Any
    image_alt: Any
    image_width: Any
    image_height: Any
    state: int | None

    @property
    def deleted(self) -> bool:
        """Return whether it is a tombstone: a deleted post, of which nothing but a place is left
        in its conversation."""
        # Most posts are published, and looking up the member costs more than all else here.
        return self.state is not None and self.state == PostState.DELETED

    @property
    def liked(self) -> bool:
        """Return whether the viewer for whom this post was read likes it."""
        return self.viewer_like is not None

    @property
    def bookmarked(self) -> bool:
        """Return whether the viewer for whom this post was read has bookmarked it."""
        return self.viewer_bookmark is not None

    def editable_by(self, viewer: Viewer) -> bool:
        """Return whether the viewer is its author. A post without one is edited in the admin."""
        return self.created_by_id is not None and self.created_by_id == viewer.pk

    @property
    def picture(self) -> Picture | None:
        """Return the URLs of its renditions, or of the image until the worker has made them.

        Width and height are those of the image. None: there is no image.
        """
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
    """The author of a row, with the names that a `CustomUser` has."""

    username: str
    display_name: str


class PostColumns(NamedTuple):
    """The columns of a row, in this order. A class of its own: a NamedTuple has no mixins."""

    id: int
    body: str
    created_on: datetime
    modified_on: datetime
    like_count: int
    reply_count: int
    in_reply_to_id: int | None
    state: int | None
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
    viewer_bookmark: int | None


class PostRow(PostColumns, PostDisplayMixin, TimestampMixin):
    """One post as a viewer sees it, with the names that a `Post` has."""

    __slots__ = ()

    @property
    def pk(self) -> int:
        return self.id

    @property
    def created_by(self) -> Author | None:
        """Return the author, or None for a post that was published anonymously."""
        return Author(self.username, self.display_name or "") if self.username else None


# What is annotated for each mark, its id if the viewer has set it, and the relation to its model.
VIEWER_MARKS = {"viewer_like": "postlike", "viewer_bookmark": "postbookmark"}

# `PostRow._make` without counting the columns of each row.
make_row: Callable[[Any], PostRow] = partial(tuple.__new__, PostRow)

# What `PostManager.rows_for` selects, in the order of `PostColumns`; it annotates VIEWER_MARKS.
COLUMNS = tuple(
    f"created_by__{name}" if name in ("username", "display_name") else name
    for name in PostColumns._fields
    if name not in VIEWER_MARKS
)
