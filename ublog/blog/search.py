"""How far one request searches: see docs/adr/0028-searches-in-steps.md.

No index finds a part of any text in any script on both databases. So a request looks at WINDOW
posts of a list, from its cursor on, and says where it stopped. The next page goes on from there.
"""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, Q, Subquery
from django.db.models.functions import Coalesce

from ublog.accounts import reading
from ublog.accounts.querysets import USERNAME
from ublog.blog import post_rows
from ublog.blog.post_rows import PostRow
from ublog.core.cursors import Cursor, Page, PageQuery
from ublog.core.text import clean_text, fold_as_before, fold_for_search
from ublog.core.text_grammar import parse_tag, tag_key

if TYPE_CHECKING:
    from ublog.blog.querysets import PostFilters, PostQuerySet

WINDOW = 5_000  # posts
MAX_QUERY = 200  # code points
SECONDS = 2.0  # of the database, for one page

# These represent any value of a filter, and how the SQL has it, in a search that is compiled once.
# The second text is one that an earlier release folded otherwise.
TEXT, OTHER_TEXT, AUTHOR, TAG = "text", "téxt", "author", "tag"
PLACEHOLDERS = {"text": f"%{TEXT}%", "before": f"%{OTHER_TEXT}%", "author": AUTHOR, "tag": TAG}
# All posts are between these.
MOMENTS = {
    "first": datetime.min.replace(tzinfo=UTC),
    "last": datetime.max.replace(tzinfo=UTC),
}


def fold(text: str) -> tuple[str, str]:
    """Return a text as posts are searched for it, and as rows of an earlier release are.

    Raise ValidationError.
    """
    try:
        cleaned = clean_text(text, MAX_QUERY)
        wanted = fold_for_search(cleaned)
        MaxLengthValidator(MAX_QUERY)(wanted)
    except ValidationError as error:
        raise ValidationError({"q": error.messages}) from None
    return wanted, fold_as_before(cleaned)


def parametrized(filters: "PostFilters") -> tuple[tuple[tuple[str, Any], ...], dict[str, Any]]:
    """Return the filters of a search with placeholders, and the values for these.

    No user has the username "", and no post that tag.
    """
    wanted, before = fold(filters["q"])
    author, tag = filters.get("author", ""), parse_tag(filters.get("tag", ""))
    values = {
        **MOMENTS,
        "text": f"%{connection.ops.prep_for_like_query(wanted)}%",
        "before": f"%{connection.ops.prep_for_like_query(before)}%",
        "author": author.lower() if USERNAME.fullmatch(author) else "",
        "tag": tag_key(tag) if tag else "",
    }
    represented = {"q": TEXT if wanted == before else OTHER_TEXT, "author": AUTHOR, "tag": TAG}
    given = ((name, represented.get(name, value)) for name, value in filters.items() if value)
    return tuple(sorted(given)), values


def statement(posts: "PostQuerySet", window: int, query: PageQuery) -> Any:
    """Return the query set of a page of a search: rows, and after them whether it stops there.

    `posts` are `PostManager.rows_for` a viewer that match.
    """
    viewer, text = posts.viewer, posts.text
    assert viewer is not None, "only `rows_for` a viewer are searched"  # noqa: S101
    assert text is not None, "there is a text to search for"  # noqa: S101
    posts, ids = posts.by_index()
    if ids is None:
        listed = query.onward(posts.model.objects.filter(posts.author))
        stop = listed[window : window + 1]
        posts, key = posts.filter(created_on__range=moments_until(stop, query)), ""
    else:
        listed = query.onward(ids, "post_id")
        stop = listed[window : window + 1]
        posts, key = posts.filter(pk__in=listed[: window + 1]), "id"
    is_stop = Q(pk=Subquery(stop.values("post_id" if key else "pk")))
    found: Any = posts.filter(text & posts.listed_states | is_stop)
    found = found.filter(reading.readable_by(viewer))
    found = found.annotate(is_stop=ExpressionWrapper(is_stop, BooleanField()))
    return query.of(found, key)


def moments_until(stop: "PostQuerySet", query: PageQuery) -> tuple[Any, Any]:
    """Return the moments between which posts are searched, up to the one at which it stops.

    Both databases walk the list so, and end when the page is full. With one moment alone PostgreSQL
    would expect a third of all posts, and scan the table.
    """
    since = query.cursor.created_on if query.cursor else None
    until, first, last = Subquery(stop.values("created_on")), MOMENTS["first"], MOMENTS["last"]
    if query.older:
        return Coalesce(until, first), since or last
    return since or first, Coalesce(until, last)


def page(found: list[tuple[Any, ...]], query: PageQuery) -> Page[PostRow]:
    """Return the page of the rows that a `statement` has found."""
    rows: list[PostRow] = []
    for *columns, is_stop in found:
        row = post_rows.make_row(columns)
        if is_stop:
            return stopped(query.page(rows), row, older=query.older)
        rows.append(row)
    return query.page(rows)


def stopped(page: Page[PostRow], at: PostRow, *, older: bool) -> Page[PostRow]:
    """Return the page of a search that stopped at a post, which is the first of what follows."""
    cursor = Cursor(at.created_on, at.pk + (1 if older else -1), older).encode()
    if older:
        return replace(page, next=cursor, searched_to=at.created_on)
    return replace(page, previous=cursor, searched_to=at.created_on)
