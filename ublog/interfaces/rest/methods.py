"""The methods of the URLs of marks, such as `…/like/`, for both REST styles."""

from collections.abc import Callable

from rest_framework.request import Request

from ublog.blog.post_rows import PostRow


def mark_action(
    request: Request,
    add: Callable[..., PostRow],
    remove: Callable[..., PostRow],
    toggle: Callable[..., PostRow],
) -> Callable[..., PostRow]:
    """Return the action of the method: PUT sets the mark, DELETE removes it, POST toggles it."""
    return {"PUT": add, "DELETE": remove, "POST": toggle}[str(request.method)]
