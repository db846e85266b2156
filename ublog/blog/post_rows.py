"""A post as a viewer sees it: the row that lists and pages of one post are made of.

Lists are read far more often than anything else, and a model instance for each row would cost
several times what the database takes. `Post.objects.rows_for` is the query set of these rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache, partial
from typing import Any, NamedTuple, TypedDict

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Subquery

from ublog.accounts.models import DisplayNameMixin
from ublog.blog import mentions
from ublog.blog.decoder.sizes import RENDITIONS, fit_width
from ublog.core.models import TimestampMixin
from ublog.core.text_grammar import Segment, has_signs, segments
from ublog.core.viewers import Viewer


@lru_cache(maxsize=512)
def cached_segments(body: str, mentioned: str | None) -> list[Segment]:
    """Return the segments of a body. Cached, since lists show the same posts again and again.

    They are shared: nobody changes them.
    """
    return segments(body, mentions.usernames(mentioned))


MAX_LINES = 12  # that a list shows of a post; the app has the same number in lib/maxLines.ts

MEDIUM, THUMBNAIL = RENDITIONS["image_medium"], RENDITIONS["thumbnail"]


class PostState(models.IntegerChoices):
    """What happened to a post that is not published any more."""

    DELETED = 1, "deleted"  # a tombstone, which stays while it has replies


class RenditionInfo(TypedDict):
    """An image in one size: width and height in pixels."""

    url: str
    width: int | None
    height: int | None


class ImageInfo(RenditionInfo):
    """The image of a post, in the largest size; `renditions` are for lists, smallest first."""

    alt: str
    renditions: list[RenditionInfo]


class PostDisplayMixin:
    """What the interfaces show of a post: the same for a `Post` and for a `PostRow`."""

    body: Any
    mentions: Any  # as `mentions.load` reads them
    created_by_id: int | None
    viewer_like: int | None  # the id of the like of the viewer for whom it was read
    viewer_bookmark: int | None
    language: str | None  # a BCP 47 tag
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

    @property
    def segments(self) -> list[Segment]:
        """Return the body as text, mentions, tags and links: what every renderer prints."""
        if has_signs(self.body):
            return cached_segments(self.body, self.mentions)
        return [{"type": "text", "text": self.body}]

    @property
    def is_long(self) -> bool:
        """Return whether a list shows only its first MAX_LINES lines."""
        return int(self.body.count("\n")) >= MAX_LINES

    def editable_by(self, viewer: Viewer) -> bool:
        """Return whether the viewer is its author. A post without one is edited in the admin."""
        return self.created_by_id is not None and self.created_by_id == viewer.pk

    @property
    def image_info(self) -> ImageInfo | None:
        """Return the image with its renditions, or None: there is no image.

        The image is its own rendition when it is no wider, or until the worker has made them.
        """
        if not self.image:
            return None
        # Each storage serves its files there, by names that `random_name` makes of what needs no
        # quoting. `default_storage.url` would take a twentieth of a list.
        root, name = settings.MEDIA_URL, str(self.image)
        width, height = self.image_width, self.image_height
        renditions: list[RenditionInfo] = []
        for file, most in (self.thumbnail, THUMBNAIL), (self.image_medium, MEDIUM):
            if file and file != name and width:
                size = fit_width(width, height, most)
                renditions.append({"url": f"{root}{file}", "width": size[0], "height": size[1]})
        url = f"{root}{name}"
        if not renditions or self.image_medium == name:
            renditions.append({"url": url, "width": width, "height": height})
        return {
            "url": url,
            "width": width,
            "height": height,
            "alt": self.image_alt,
            "renditions": renditions,
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
    language: str | None
    reply_count: int
    in_reply_to_id: int | None
    state: int | None
    image: str
    image_alt: str
    image_width: int | None
    image_height: int | None
    image_medium: str
    thumbnail: str
    mentions: str | None
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


@cache
def marks_of_post(model: type[models.Model], relation: str, post: str) -> Any:
    """Return the marks of a kind on the post of an outer query: made once, as it costs much."""
    marks: Any = model._meta.get_field(relation).related_model
    return marks.objects.filter(post=OuterRef(post)).values("pk")


def viewer_marks(model: type[models.Model], viewer: Viewer, post: str = "pk") -> dict[str, Any]:
    """Return the annotations VIEWER_MARKS of a viewer who is logged in.

    `model` is that of posts, `post` the name of the field with the id of the post.
    """
    marks = {name: marks_of_post(model, each, post) for name, each in VIEWER_MARKS.items()}
    mine = {name: of.filter(**{of.model.USER: viewer.pk}) for name, of in marks.items()}
    return {name: Subquery(of[:1]) for name, of in mine.items()}
