"""What nearly every request reads, compiled once: see docs/adr/0012-compiled-queries.md.

Each is compiled from the query sets of `querysets.py`, which stay their only definition.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db.models.expressions import RawSQL

from ublog.accounts import reading
from ublog.blog import search as searches
from ublog.blog import states
from ublog.core.cursors import OLDEST_FIRST, Cursor, PageQuery
from ublog.core.db.compiled_query import CompiledQuery
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.blog.managers import PostManager

MAX_ANCESTORS = 20  # that are read with one post
MAX_DESCENDANTS = 200


class PlaceholderViewer:
    """Any logged-in user; the id is replaced when a compiled query is executed."""

    pk = -1
    is_authenticated = True


PLACEHOLDERS: dict[str, Any] = {
    "viewer": PlaceholderViewer.pk,
    "pk": -2,
    "created_on": Cursor.PLACEHOLDER.created_on,
    "id": Cursor.PLACEHOLDER.id,
    **searches.PLACEHOLDERS,
    **searches.MOMENTS,
}


def any_viewer(logged_in: bool) -> Viewer:
    return PlaceholderViewer() if logged_in else AnonymousUser()


def place_of(cursor: Cursor | None) -> Cursor | None:
    """Return the placeholder for a cursor of that direction, with or without a moment."""
    if cursor is None:
        return None
    known = cursor.created_on is not None
    return (Cursor.PLACEHOLDER if known else Cursor.PLACEHOLDER_OF_ID).reading(older=cursor.older)


def values_of(cursor: Cursor | None) -> dict[str, Any]:
    """Return the values of what `place_of` represents."""
    return {"created_on": cursor.created_on, "id": cursor.id} if cursor else {}


@cache
def page(posts: "PostManager", logged_in: bool, size: int, place: Cursor | None) -> CompiledQuery:
    """Compile a page: the first one without a `place`, else one by a cursor such as `place_of`
    returns.

    At most 1,000 are kept: 100 sizes, five places, logged in or not.
    """
    viewer = any_viewer(logged_in)
    rows = posts.rows_for(viewer).visible_to(viewer).starts()
    return CompiledQuery(PageQuery(size, place).of(rows), **PLACEHOLDERS)


@lru_cache(maxsize=256)
def search(
    posts: "PostManager",
    logged_in: bool,
    filters: tuple[tuple[str, Any], ...],
    window: int,
    size: int,
    place: Cursor | None,
) -> tuple[CompiledQuery, bool]:
    """Compile a page of a search, as `page` does, with filters that `search.parametrized` returns.

    Also return whether only the viewer sees the list that is searched. Raise what
    `PostQuerySet.matching` raises.
    """
    found = posts.rows_for(any_viewer(logged_in)).matching(**dict(filters))
    query = PageQuery(size, place)
    return CompiledQuery(searches.statement(found, window, query), **PLACEHOLDERS), found.is_own


@cache
def replies(
    posts: "PostManager", logged_in: bool, size: int, place: Cursor | None
) -> CompiledQuery:
    """Compile a page of the replies to one post, as `page` does."""
    viewer = any_viewer(logged_in)
    rows = posts.rows_for(viewer).visible_to(viewer, in_conversation=True)
    replies = rows.filter(in_reply_to=PLACEHOLDERS["pk"])
    return CompiledQuery(PageQuery(size, place, oldest_first=True).of(replies), **PLACEHOLDERS)


# The ids of a post, of its nearest ancestors, and of the first post of its conversation: a chain of
# any length is not followed further than that.
CHAIN = f"""
    chain (id, in_reply_to_id, conversation, depth) AS (
        SELECT id, in_reply_to_id, conversation, 0 FROM blog_post WHERE id = %s
        UNION ALL
        SELECT post.id, post.in_reply_to_id, NULL, depth + 1
        FROM chain JOIN blog_post AS post ON post.id = chain.in_reply_to_id
        WHERE depth < {MAX_ANCESTORS}
    )
"""  # noqa: S608  # nosec B608
ANCESTORS = f"""
    WITH RECURSIVE {CHAIN}
    SELECT id FROM chain UNION SELECT conversation FROM chain WHERE depth = 0
"""  # noqa: S608  # nosec B608

# With what follows on a post. It goes from post to post by the index of replies: down to the first
# reply, on to the next one, or up again. So the cost has a bound, however many there are.
CONTEXT = f"""
    WITH RECURSIVE {CHAIN}, walk (id, parent, created_on, up, seen) AS (
        SELECT id, CAST(NULL AS BIGINT), created_on, 0, 0 FROM blog_post WHERE id = %s
        UNION ALL
        SELECT post.id, CASE WHEN post.id = %s THEN NULL ELSE post.in_reply_to_id END,
            post.created_on, CASE WHEN post.id = walk.parent THEN 1 ELSE 0 END,
            CASE WHEN post.id = walk.parent THEN seen ELSE seen + 1 END
        FROM walk JOIN blog_post AS post ON post.id = COALESCE(
            (SELECT reply.id FROM blog_post AS reply
             WHERE walk.up = 0 AND reply.in_reply_to_id = walk.id
             ORDER BY reply.created_on, reply.id LIMIT 1),
            (SELECT reply.id FROM blog_post AS reply
             WHERE reply.in_reply_to_id = walk.parent
             AND (reply.created_on, reply.id) > (walk.created_on, walk.id)
             ORDER BY reply.created_on, reply.id LIMIT 1),
            walk.parent)
        WHERE seen < {MAX_DESCENDANTS}
    )
    SELECT id FROM chain UNION SELECT id FROM walk WHERE up = 0
"""  # noqa: S608  # nosec B608


@cache
def context(posts: "PostManager", logged_in: bool) -> CompiledQuery:
    viewer = any_viewer(logged_in)
    rows = posts.rows_for(viewer).visible_to(viewer, in_conversation=True)
    around = RawSQL(CONTEXT, [PLACEHOLDERS["pk"]] * 3)  # noqa: S611  # nosec B611
    return CompiledQuery(rows.filter(pk__in=around).order_by(*OLDEST_FIRST), **PLACEHOLDERS)


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
    found = posts.with_viewer_marks(viewer).filter(reading.readable_by(viewer))
    found = found.filter(states.deletable(viewer)) if logged_in else found.published()
    return CompiledQuery(found.filter(pk=PLACEHOLDERS["pk"]), **PLACEHOLDERS)


@cache
def for_update(posts: "PostManager", published: bool) -> CompiledQuery:
    wanted = posts.published() if published else posts.not_deleted()
    found = wanted.select_for_update().filter(pk=PLACEHOLDERS["pk"])
    return CompiledQuery(found, **PLACEHOLDERS)


@cache
def reply(posts: "PostManager") -> CompiledQuery:
    replies = posts.filter(in_reply_to=PLACEHOLDERS["pk"]).order_by()
    return CompiledQuery(replies.values_list("pk")[:1], **PLACEHOLDERS)
