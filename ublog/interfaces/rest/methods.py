"""What the methods of `…/like/` do, in both REST styles."""

from collections.abc import Callable

from ublog.blog import actions
from ublog.blog.shown import ShownPost

LIKING: dict[str | None, Callable[..., ShownPost]] = {
    "POST": actions.toggle_like,
    "PUT": actions.like,
    "DELETE": actions.unlike,
}
