"""Who likes a post, newest like first."""

from datetime import datetime
from typing import Any, NamedTuple, Unpack

from ublog.accounts import reading
from ublog.blog.models import Post, PostLike
from ublog.blog.post_rows import Author
from ublog.core.cursors import Page, PageQuery, PageRequest
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer

COLUMNS = (
    *("id", "liked_on", "liked_by"),
    *("liked_by__username", "liked_by__display_name", "liked_by__avatar"),
)


class LikeRow(NamedTuple):
    """A like of a post, with who set it."""

    id: int
    liked_on: datetime
    user: Author

    @property
    def pk(self) -> int:
        return self.id

    @property
    def created_on(self) -> datetime:
        """Return what the cursor of a like is made of."""
        return self.liked_on


def list_likes(viewer: Viewer, post_id: Any, **request: Unpack[PageRequest]) -> Page[LikeRow]:
    """Return one page of the likes of a published post, newest first.

    One query, and where there are none another one to see whether there is the post. What is not
    published has none. Raise Post.DoesNotExist, and ValidationError for a bad cursor or page size.
    """
    page = PageQuery.at(**request)
    id = parse_id(post_id)
    likes: Any = PostLike.objects.filter(post=id, post__state=None)
    likes = likes.filter(reading.readable_by(viewer))
    rows = page.of(likes.values_list(*COLUMNS), "id")
    found = [LikeRow(pk, liked_on, Author(*user)) for pk, liked_on, *user in rows]
    if not found:
        Post.objects.get_row(viewer, id)
    return page.page(found)
