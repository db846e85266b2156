"""How far one request searches: see docs/adr/0028-searches-in-steps.md.

No index finds a part of any text in any script on both databases. So a request looks at WINDOW
posts of a list, from its cursor on, and says where it stopped. The next page goes on from there.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models import BooleanField, ExpressionWrapper, Q, Subquery

from ublog.accounts import reading
from ublog.blog import post_rows
from ublog.blog.post_rows import PostRow
from ublog.core.cursors import Cursor, Page, PageQuery
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.blog.querysets import PostQuerySet

WINDOW = 5_000  # posts


def page(posts: "PostQuerySet", text: Q, viewer: Viewer, query: PageQuery) -> Page[PostRow]:
    """Return a page of the posts with a text, among those that one request looks at.

    `posts` are `PostManager.rows_for` a viewer, `text` is the condition. One query finds the
    posts and, after them, the one at which the search stops.
    """
    posts, ids = posts.by_index()
    if ids is None:
        listed = query.onward(posts.model.objects.filter(posts.author)).values("pk")
    else:
        listed = query.onward(ids, "post_id")
    is_stop = Q(pk=Subquery(listed[WINDOW : WINDOW + 1]))
    found: Any = posts.filter(text & posts.listed_states | is_stop, pk__in=listed[: WINDOW + 1])
    found = found.filter(reading.readable_by(viewer))
    found = found.annotate(is_stop=ExpressionWrapper(is_stop, BooleanField()))
    found = query.of(found, "" if ids is None else "id")
    rows = [(post_rows.make_row(row), is_last) for *row, is_last in found]
    if not rows:
        reading.check_found(viewer)
    page = query.page([row for row, is_last in rows if not is_last])
    last, is_last = rows[-1] if rows else (None, False)
    return stopped(page, last, older=query.older) if last and is_last else page


def stopped(page: Page[PostRow], at: PostRow, *, older: bool) -> Page[PostRow]:
    """Return the page of a search that stopped at a post, which is the first of what follows."""
    cursor = Cursor(at.created_on, at.pk + (1 if older else -1), older).encode()
    if older:
        return replace(page, next=cursor, searched_to=at.created_on)
    return replace(page, previous=cursor, searched_to=at.created_on)
