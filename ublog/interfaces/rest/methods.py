"""The action of each method of `…/like/`, for both REST styles."""

from collections.abc import Callable

from ublog.blog import actions
from ublog.blog.post_rows import PostRow

LIKE_ACTIONS: dict[str | None, Callable[..., PostRow]] = {
    "POST": actions.toggle_like,
    "PUT": actions.like,
    "DELETE": actions.unlike,
}
