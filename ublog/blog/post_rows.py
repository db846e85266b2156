"""A post as a viewer sees it: the row that lists and pages of one post are made of.

Lists are read far more often than anything else, and a model instance for each row would cost
several times what the database takes. `Post.objects.rows_for` is the query set of these rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NamedTuple, TypedDict

from django.conf import settings

from ublog.accounts import scopes
from ublog.accounts.models import DisplayNameMixin
from ublog.accounts.pictures import AvatarMixin
from ublog.blog import mentions
from ublog.blog.decoder.sizes import DERIVED, RENDITIONS, fit_width
from ublog.blog.states import PostState
from ublog.core.emoji import is_emoji
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

# What JSON says of each state, made once.
STATE_FLAGS = {
    state: {
        "deleted": state == PostState.DELETED,
        "held": state == PostState.HELD,
        "hidden": state == PostState.HIDDEN,
    }
    for state in (None, *PostState)
}
NO_RIGHTS = dict.fromkeys(("muted", "can_edit", "can_delete"), False)

MEDIUM, THUMBNAIL = RENDITIONS["image_medium"], RENDITIONS["thumbnail"]


class RenditionInfo(TypedDict):
    """An image in one size: width and height in pixels."""

    url: str
    width: int | None
    height: int | None


class ImageInfo(RenditionInfo):
    """The image of a post, in the largest size; `renditions` are for lists, smallest first."""

    alt: str
    color: str | None  # of most of it, as #rrggbb
    renditions: list[RenditionInfo]


class PostDisplayMixin:
    """What the interfaces show of a post: the same for a `Post` and for a `PostRow`."""

    body: Any
    mentions: Any  # as `mentions.load` reads them
    created_by_id: int | None
    viewer_like: int | None  # the id of the like of the viewer for whom it was read
    viewer_bookmark: int | None
    viewer_mute: int | None  # of its author
    viewer_conversation_mute: int | None
    viewer_moderates: int | bool | None  # whether that viewer is a moderator
    language: str | None  # a BCP 47 tag
    image: Any  # the names of stored files, "" without one
    image_medium: Any
    thumbnail: Any
    image_preview: Any
    image_alt: Any
    image_width: Any
    image_height: Any
    image_color: Any
    state: int | None

    @property
    def deleted(self) -> bool:
        """Return whether it is a tombstone: a deleted post, of which nothing but a place is left
        in its conversation."""
        # Most posts are published, and looking up the member costs more than all else here.
        return self.state is not None and self.state == PostState.DELETED

    @property
    def held(self) -> bool:
        """Return whether it is not published until a moderator approves it."""
        return self.state is not None and self.state == PostState.HELD

    @property
    def hidden(self) -> bool:
        """Return whether a moderator has hidden it."""
        return self.state is not None and self.state == PostState.HIDDEN

    @property
    def is_placeholder(self) -> bool:
        """Return whether nothing is left of it for the viewer but its place in a conversation."""
        return self.deleted or ((self.hidden or self.held) and not self.body)

    @property
    def liked(self) -> bool:
        """Return whether the viewer for whom this post was read likes it."""
        return self.viewer_like is not None

    @property
    def bookmarked(self) -> bool:
        """Return whether the viewer for whom this post was read has bookmarked it."""
        return self.viewer_bookmark is not None

    def muted_by(self, viewer: Viewer) -> bool:
        """Return whether the viewer, for whom it was read, mutes its author or conversation.

        Own posts are never muted.
        """
        if self.viewer_mute is None and self.viewer_conversation_mute is None:
            return False
        return not self.written_by(viewer)

    def rights_of(self, viewer: Viewer) -> dict[str, bool]:
        """Return what depends on the viewer, for whom it was read, as JSON types.

        In one call, since a list shows mostly posts to which none of it applies.
        """
        if viewer.pk is None:
            return NO_RIGHTS
        return {
            "muted": self.muted_by(viewer),
            "can_edit": self.editable_by(viewer),
            "can_delete": self.deletable_by(viewer),
        }

    @property
    def segments(self) -> list[Segment]:
        """Return the body as text, mentions, tags and links: what every renderer prints."""
        if has_signs(self.body):
            return cached_segments(self.body, self.mentions)
        return [{"type": "text", "text": self.body}]

    def reply_start(self, viewer: Viewer) -> str:
        """Return how a reply by the viewer begins: with its author and whom it mentions.

        Without the viewer, and each once.
        """
        author: Any = self.created_by  # type: ignore[attr-defined]
        people = {self.created_by_id: author.username} if author else {}
        people |= dict(mentions.load(self.mentions).values())
        return "".join(f"@{name} " for pk, name in people.items() if pk != viewer.pk)

    @property
    def is_long(self) -> bool:
        """Return whether a list shows only its first MAX_LINES lines."""
        return int(self.body.count("\n")) >= MAX_LINES

    @property
    def is_emoji(self) -> bool:
        """Return whether its text is shown large."""
        return is_emoji(self.body)

    def editable_by(self, viewer: Viewer) -> bool:
        """Return whether the viewer is its author, and it is published.

        A post without an author is edited in the admin.
        """
        return self.written_by(viewer) and self.state is None

    def written_by(self, viewer: Viewer) -> bool:
        """Return whether the viewer is its author."""
        return self.created_by_id is not None and self.created_by_id == viewer.pk

    def deletable_by(self, viewer: Viewer) -> bool:
        """Return whether the viewer, for whom it was read, is its author or a moderator."""
        moderates = self.viewer_moderates and scopes.allows(viewer, scopes.MODERATE)
        return bool(moderates or self.written_by(viewer)) and not self.deleted

    def _is_read_by_moderator(self) -> bool:
        """Return whether it was read for a moderator, or for the admin, which reads no viewer."""
        return bool(getattr(self, "viewer_moderates", True))

    @property
    def image_info(self) -> ImageInfo | None:
        """Return the image with its renditions, or None: there is no image.

        The image is its own rendition when it is no wider, or until the worker has made them.
        None for visitors whose post is held, too: who has the URL could pass on an image that no
        moderator has seen.
        """
        if not self.image:
            return None
        if self.held and self.created_by_id is None and not self._is_read_by_moderator():
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
            "color": self.image_color,
            "renditions": renditions,
        }


@dataclass(slots=True)
class Author(DisplayNameMixin, AvatarMixin):
    """The author of a row, with the names that a `CustomUser` has."""

    pk: int | None
    username: str
    display_name: str
    avatar: str


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
    image_color: str | None
    image_medium: str
    thumbnail: str
    image_preview: str
    mentions: str | None
    created_by_id: int | None
    username: str | None
    display_name: str | None
    avatar: str | None
    viewer_like: int | None
    viewer_bookmark: int | None
    viewer_mute: int | None
    viewer_conversation_mute: int | None
    viewer_moderates: int | bool | None


class PostRow(PostColumns, PostDisplayMixin, TimestampMixin):
    """One post as a viewer sees it, with the names that a `Post` has."""

    __slots__ = ()

    @property
    def pk(self) -> int:
        return self.id

    @property
    def created_by(self) -> Author | None:
        """Return the author, or None for a post that was published anonymously."""
        if not self.username:
            return None
        return Author(self.created_by_id, self.username, self.display_name or "", self.avatar or "")

    def for_viewer(self, viewer: Viewer) -> "PostRow":
        """Return the row as this viewer may see it: of a post that is not published, only its
        author and moderators see more than the place.

        The query knows no scopes: for it the program of a moderator is one.
        """
        if self.state is None or self.deleted or self.deletable_by(viewer):
            return self
        nobody = dict.fromkeys(("created_by_id", *OF_AUTHOR, *VIEWER_MARKS))
        return self._replace(**(NO_CONTENT | nobody), like_count=0, modified_on=self.created_on)


@dataclass(frozen=True)
class Conversation:
    """A post and what it replies to, as a viewer sees them.

    `ancestors` are the nearest posts up to the one that it replies to, oldest first. `top` is the
    id of the first post of the conversation; None: it is among them, or it is the post itself.
    """

    post: PostRow
    ancestors: list[PostRow]
    top: int | None


@dataclass(frozen=True)
class Context:
    """A post, its nearest ancestors, oldest first, and what follows on it: each reply after what
    it replies to, those of one post oldest first."""

    post: PostRow
    ancestors: list[PostRow]
    descendants: list[PostRow]

    @classmethod
    def around(cls, id: int, rows: list[PostRow]) -> "Context | None":
        """Return the context of the post with that id, from rows that are oldest first; None if it
        is not among them."""
        by_id = {row.id: row for row in rows}
        if id not in by_id:
            return None
        replies: dict[int | None, list[PostRow]] = {}
        for row in reversed(rows):
            replies.setdefault(row.in_reply_to_id, []).append(row)
        above: list[PostRow] = []
        while (replied := (above or [by_id[id]])[-1].in_reply_to_id) in by_id:
            above.append(by_id[replied])
        below, waiting = [], replies.get(id, [])
        while waiting:
            below.append(waiting.pop())
            waiting += replies.get(below[-1].id, [])
        return cls(by_id[id], above[::-1], below)


# What a post without its content has in these fields.
NO_CONTENT: dict[str, Any] = {
    **dict.fromkeys(("body", "image", "image_alt", *DERIVED), ""),
    **dict.fromkeys(("language", "mentions", "image_width", "image_height", "image_color")),
}

# What is annotated for each mark, its id if the viewer has set it, and the relation to its model.
VIEWER_MARKS = {"viewer_like": "postlike", "viewer_bookmark": "postbookmark"}
# All that is annotated for a viewer.
VIEWER_COLUMNS = (
    *VIEWER_MARKS,
    "viewer_mute",
    "viewer_conversation_mute",
    "viewer_moderates",
)

# `PostRow._make` without counting the columns of each row.
make_row: Callable[[Any], PostRow] = partial(tuple.__new__, PostRow)

# The columns of the author.
OF_AUTHOR = ("username", "display_name", "avatar")
# What `PostManager.rows_for` selects, in the order of `PostColumns`; it annotates VIEWER_COLUMNS.
COLUMNS = tuple(
    f"created_by__{name}" if name in OF_AUTHOR else name
    for name in PostColumns._fields
    if name not in VIEWER_COLUMNS
)
