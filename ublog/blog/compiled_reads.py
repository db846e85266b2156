"""What nearly every request reads, compiled once: see docs/adr/0012-compiled-queries.md.

Each is compiled from the query sets of `querysets.py`, which stay their only definition.
"""

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models.expressions import RawSQL

from ublog.blog import states
from ublog.core.cursors import Cursor, PageQuery
from ublog.core.db.compiled_query import CompiledQuery
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.blog.querysets import PostManager

MAX_ANCESTORS = 20  # that are read with one post


class PlaceholderViewer:
    """Any logged-in user; the id is replaced when a compiled query is executed."""

    pk = -1
    is_authenticated = True


PLACEHOLDERS: dict[str, Any] = {
    "viewer": PlaceholderViewer.pk,
    "pk": -2,
    "created_on": Cursor.PLACEHOLDER.created_on,
    "id": Cursor.PLACEHOLDER.id,
}


def any_viewer(logged_in: bool) -> Viewer:
    return PlaceholderViewer() if logged_in else AnonymousUser()


@cache
def page(posts: "PostManager", logged_in: bool, size: int, older: bool | None) -> CompiledQuery:
    """Compile a page: the first one when `older` is None, else one by a cursor of that direction.

    At most 600 are kept: 100 sizes, three directions, logged in or not.
    """
    cursor = None if older is None else replace(Cursor.PLACEHOLDER, older=older)
    viewer = any_viewer(logged_in)
    rows = posts.rows_for(viewer).visible_to(viewer).starts()
    return CompiledQuery(PageQuery(size, cursor).of(rows), **PLACEHOLDERS)


@cache
def replies(posts: "PostManager", logged_in: bool, size: int, older: bool | None) -> CompiledQuery:
    """Compile a page of the replies to one post, as `page` does."""
    cursor = None if older is None else replace(Cursor.PLACEHOLDER, older=older)
    viewer = any_viewer(logged_in)
    rows = posts.rows_for(viewer).visible_to(viewer, in_conversation=True)
    replies = rows.filter(in_reply_to=PLACEHOLDERS["pk"])
    return CompiledQuery(PageQuery(size, cursor, oldest_first=True).of(replies), **PLACEHOLDERS)


# The ids of a post, of its nearest ancestors, and of the first post of its conversation: a chain of
# any length is not followed further than that.
ANCESTORS = f"""
    WITH RECURSIVE chain (id, in_reply_to_id, conversation, depth) AS (
        SELECT id, in_reply_to_id, conversation, 0 FROM blog_post WHERE id = %s
        UNION ALL
        SELECT post.id, post.in_reply_to_id, NULL, depth + 1
        FROM chain JOIN blog_post AS post ON post.id = chain.in_reply_to_id
        WHERE depth < {MAX_ANCESTORS}
    )
    SELECT id FROM chain UNION SELECT conversation FROM chain WHERE depth = 0
"""  # noqa: S608  # nosec B608


@cache
def conversation(posts: "PostManager", logged_in: bool) -> CompiledQuery:
    viewer = any_viewer(logged_in)
    rows = posts.rows_for(viewer).visible_to(viewer, in_conversation=True)
    chain = RawSQL(ANCESTORS, [PLACEHOLDERS["pk"]])  # noqa: S611  # nosec B611
    return CompiledQuery(rows.filter(pk__in=chain).order_by("id"), **PLACEHOLDERS)


@cache
def row(posts: "PostManager", logged_in: bool) -> CompiledQuery:
    viewer = any_viewer(logged_in)
    rows = posts.rows_for(viewer).visible_to(viewer, in_conversation=True)
    return CompiledQuery(rows.filter(pk=PLACEHOLDERS["pk"]), **PLACEHOLDERS)


@cache
def editable(posts: "PostManager", logged_in: bool) -> CompiledQuery:
    viewer = any_viewer(logged_in)
    found = posts.with_viewer_marks(viewer).visible_to(viewer).filter(pk=PLACEHOLDERS["pk"])
    return CompiledQuery(found, **PLACEHOLDERS)


@cache
def deletable(posts: "PostManager", logged_in: bool) -> CompiledQuery:
    viewer = any_viewer(logged_in)
    rows = posts.with_viewer_marks(viewer)
    found = rows.filter(states.deletable(viewer)) if logged_in else rows.visible_to(viewer)
    return CompiledQuery(found.filter(pk=PLACEHOLDERS["pk"]), **PLACEHOLDERS)


@cache
def for_update(posts: "PostManager", published: bool) -> CompiledQuery:
    wanted = posts.visible_to(AnonymousUser()) if published else posts.not_deleted()
    found = wanted.select_for_update().filter(pk=PLACEHOLDERS["pk"])
    return CompiledQuery(found, **PLACEHOLDERS)
