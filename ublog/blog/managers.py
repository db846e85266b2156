"""`Post.objects`: rows to show, and models to write, each by one query.

A page of the timeline and a single post, which nearly every request reads, are compiled once from
the query set: see docs/adr/0012-compiled-queries.md.
"""

from functools import lru_cache, partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Unpack

from django.db import connection, models
from django.utils.functional import cached_property

from ublog.accounts import reading
from ublog.blog import compiled_reads, post_rows, search
from ublog.blog.compiled_reads import MAX_ANCESTORS
from ublog.blog.mutes import without_muted
from ublog.blog.post_rows import Context, Conversation, PostRow
from ublog.blog.querysets import PostFilters, PostQuerySet
from ublog.core import limits
from ublog.core.cursors import DEFAULT_PAGE_SIZE, Cursor, Page, PageQuery, PageRequest
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.blog.models import Post


class PostManager(models.Manager["Post"].from_queryset(PostQuerySet)):  # type: ignore[misc]
    """Rows to show, and models to write. Each method makes one query."""

    # -- To show -------------------------------------------------------------------------------

    @cached_property
    def _rows(self) -> Any:
        """The query set of `rows_for`, without a viewer: resolving its columns takes a third of
        the time of building it."""
        return self.values_list(*post_rows.COLUMNS)

    @cached_property
    def _rows_of(self) -> Any:
        """The query sets of `rows_for` by the id of the viewer, of the latest ones: building one
        takes as long as a third of a list."""
        build = lambda pk: self._rows.with_viewer_marks(SimpleNamespace(pk=pk))  # noqa: E731
        return lru_cache(maxsize=32)(build)

    def rows_for(self, viewer: Viewer) -> PostQuerySet:
        """Return what `PostRow` has of all posts, as this viewer sees them."""
        posts: PostQuerySet = self._rows_of(viewer.pk).all()
        posts.viewer = viewer
        return posts

    def timeline(
        self,
        viewer: Viewer,
        *,
        cursor: Cursor | str | None = None,
        page_size: int | str = DEFAULT_PAGE_SIZE,
        **filters: Unpack[PostFilters],
    ) -> Page[PostRow]:
        """Return one page, newest first, of the posts that match: see `PostQuerySet.timeline`."""
        if any(filters.values()):
            posts = self.rows_for(viewer)
            return posts.timeline(cursor=cursor, page_size=page_size, **filters)
        page = PageQuery.at(cursor=cursor, page_size=page_size)
        if not viewer.pk:
            return page.page(self.fetch_page(viewer, page))
        return without_muted(partial(self.fetch_page, viewer), page, viewer)

    def fetch_page(
        self, viewer: Viewer, page: PageQuery, reply_to: int | None = None
    ) -> list[PostRow]:
        """Return the rows of a page, and one more when others follow.

        The page is one of the timeline, or of the replies to the post with the id `reply_to`.
        """
        values = {"viewer": viewer.pk, "pk": reply_to, **compiled_reads.values_of(page.cursor)}
        compiled = compiled_reads.page if reply_to is None else compiled_reads.replies
        place = compiled_reads.place_of(page.cursor)
        found = compiled(self, bool(viewer.pk), page.size, place).fetch(**values)
        rows = list(map(post_rows.make_row, found))
        if not rows:
            reading.check_found(viewer)
        return rows if reply_to is None else [row.for_viewer(viewer) for row in rows]

    def search_page(
        self, viewer: Viewer, query: PageQuery, filters: PostFilters
    ) -> tuple[Page[PostRow], bool]:
        """Return a page of the posts that match, among those that one request looks at, and whether
        only the viewer sees the list that is searched.

        One query finds the posts and, after them, the one at which the search stops. Raise what
        `PostQuerySet.matching` raises, RateLimited when the limit is used up, and TooSlow when it
        takes more than `search.SECONDS`.
        """
        given, values = search.parametrized(filters)
        place = compiled_reads.place_of(query.cursor)
        compiled, is_own = compiled_reads.search(
            self, bool(viewer.pk), given, search.WINDOW, query.size, place
        )
        limits.spend("search" if viewer.pk else "anonymous_search", viewer)
        values |= {"viewer": viewer.pk, **compiled_reads.values_of(query.cursor)}
        with connection.time_limit(search.SECONDS):  # type: ignore[attr-defined]
            found = compiled.fetch(**values)
        if not found:
            reading.check_found(viewer)
        return search.page(found, query), is_own

    def get_row(self, viewer: Viewer, pk: Any) -> PostRow:
        """Return the post with that id. Raise Post.DoesNotExist, also for what is no id."""
        values = {"viewer": viewer.pk, "pk": parse_id(pk)}
        for row in compiled_reads.row(self, bool(viewer.pk)).fetch(**values):
            return post_rows.make_row(row).for_viewer(viewer)
        reading.check_found(viewer)
        raise self.does_not_exist()

    def get_published_row(self, viewer: Viewer, pk: Any) -> PostRow:
        """Return what `get_row` does, and raise Post.DoesNotExist for what is not published."""
        row = self.get_row(viewer, pk)
        if row.state is not None:
            raise self.does_not_exist()
        return row

    def conversation(self, viewer: Viewer, pk: Any) -> Conversation:
        """Return the post with that id and its ancestors, at most MAX_ANCESTORS. Raise
        Post.DoesNotExist.

        One query, whose cost has a bound, however long the conversation is.
        """
        id = parse_id(pk)
        compiled = compiled_reads.conversation(self, bool(viewer.pk))
        found = map(post_rows.make_row, compiled.fetch(viewer=viewer.pk, pk=id))
        rows = [row.for_viewer(viewer) for row in found]
        if not rows or rows[-1].pk != id:
            reading.check_found(viewer)
            raise self.does_not_exist()
        *ancestors, post = rows
        top = ancestors.pop(0).pk if len(ancestors) > MAX_ANCESTORS else None
        return Conversation(post, ancestors, top)

    def replies(
        self, viewer: Viewer, pk: Any, *, check: bool = True, **request: Unpack[PageRequest]
    ) -> Page[PostRow]:
        """Return one page of the replies to the post with that id, oldest first.

        Raise Post.DoesNotExist, and ValidationError for a bad cursor or page size. It takes one
        query, and where there are none another one to see whether there is the post; without
        `check` that is left out.
        """
        page = PageQuery.at(**request, oldest_first=True)
        found = self.fetch_page(viewer, page, parse_id(pk))
        if check and not found:
            self.get_row(viewer, pk)
        return page.page(found)

    def context(self, viewer: Viewer, pk: Any) -> Context:
        """Return the post with that id, its nearest ancestors and what follows on it. Raise
        Post.DoesNotExist.

        At most MAX_ANCESTORS and MAX_DESCENDANTS, by one query whose cost has a bound.
        """
        id = parse_id(pk)
        found = compiled_reads.context(self, bool(viewer.pk)).fetch(viewer=viewer.pk, pk=id)
        rows = [post_rows.make_row(row).for_viewer(viewer) for row in found]
        context = Context.around(id, rows)
        if context is None:
            reading.check_found(viewer)
            raise self.does_not_exist()
        return context

    # -- To write ------------------------------------------------------------------------------

    def get_editable(self, viewer: Viewer, pk: Any) -> "Post":
        """Return the published post with that id and the viewer's marks, if the viewer may edit it.

        Its author is not read: it is the viewer. Raise Post.DoesNotExist, and what
        `Post.check_editable_by` raises.
        """
        values = {"viewer": viewer.pk, "pk": parse_id(pk)}
        found = compiled_reads.editable(self, bool(viewer.pk)).first(**values)
        post: Post = self._one(found, viewer)
        post.check_editable_by(viewer)
        return post

    def get_deletable(self, viewer: Viewer, pk: Any) -> "Post":
        """Return the post with that id, if the viewer may delete it: as `get_editable` does.

        It need not be published. Raise Post.DoesNotExist, and what `Post.check_deletable_by`
        raises.
        """
        values = {"viewer": viewer.pk, "pk": parse_id(pk)}
        found = compiled_reads.deletable(self, bool(viewer.pk)).first(**values)
        post: Post = self._one(found, viewer)
        post.check_deletable_by(viewer)
        return post

    def get_for_update(self, pk: Any, *, published: bool = True) -> "Post":
        """Return the post with that id, locked until the transaction ends.

        Call it in one. On SQLite the transaction itself locks the database. Without `published` it
        may be in any state but deleted. Raise Post.DoesNotExist.
        """
        compiled = compiled_reads.for_update(self, published)
        return self._one(compiled.first(pk=parse_id(pk)))

    def has_replies(self, pk: int) -> bool:
        """Return whether the post with that id has replies, in any state."""
        return bool(compiled_reads.reply(self).fetch(pk=pk))

    def get_for_viewer(self, viewer: Viewer, pk: Any) -> "Post":
        """Return the post with that id, its author and the viewer's marks. Raise DoesNotExist."""
        return self._one(self.for_viewer(viewer).filter(pk=parse_id(pk)).first())

    def does_not_exist(self) -> Exception:
        """Return the error that says so, to be raised."""
        error: Exception = self.model.DoesNotExist("There is no such post.")
        return error

    def _one(self, post: "Post | None", viewer: Viewer | None = None) -> "Post":
        """Return the post that was found. Raise Post.DoesNotExist, or for a viewer who may not read
        the site MembersOnly."""
        if post is None:
            if viewer:
                reading.check_found(viewer)
            raise self.does_not_exist()
        return post
