"""How posts are read: what is shown of them, which ones, and in which order.

`PostQuerySet` and `PostManager` define every read. A page of the timeline and a single post, which
nearly every request reads, are compiled once from that definition: see
docs/adr/0012-compiled-queries.md.
"""

from contextlib import nullcontext
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection, models
from django.utils.functional import cached_property

from ublog.accounts.models import CustomUser
from ublog.blog import compiled_reads, post_rows, states
from ublog.blog.compiled_reads import MAX_ANCESTORS
from ublog.blog.mutes import without_muted
from ublog.blog.post_rows import Conversation, PostRow
from ublog.blog.states import PostState
from ublog.blog.viewer_columns import viewer_columns
from ublog.core import limits
from ublog.core.cursors import DEFAULT_PAGE_SIZE, Cursor, Page, PageQuery, PageRequest
from ublog.core.exceptions import NotAuthenticated
from ublog.core.text import clean_text, fold_as_before, fold_for_search
from ublog.core.text_grammar import parse_tag, tag_key
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.blog.models import Post

MAX_QUERY = 200  # code points
SEARCH_SECONDS = 2.0  # of the database, for one page of a search
PUBLISHED = models.Q(state=None)


class PostFilters(TypedDict, total=False):
    """By what a list of posts is filtered, with what clients read of it; "" filters nothing.

    The arguments of `PostQuerySet.matching`. Interfaces take the names and texts from here.
    """

    q: Annotated[str, f"Posts that contain this text (≤ {MAX_QUERY}). Limited, each page."]
    author: Annotated[str, "Posts by the user of this username."]
    tag: Annotated[str, "Posts with this hashtag, with or without its sign."]
    bookmarked: Annotated[str, "`on`: posts that you have bookmarked; needs a login."]
    replies: Annotated[
        str, "`on`: replies, too; a search, a tag and your bookmarks always have them."
    ]


class PostQuerySet(models.QuerySet["Post"]):
    viewer: Viewer | None = None  # set by `PostManager.rows_for`
    is_search = False
    # The ids of the posts to which `bookmarked` and `tagged` limit a page.
    bookmarks: Any = None
    tags: Any = None

    def _clone(self) -> Any:
        clone = super()._clone()  # type: ignore[misc]  # not in Django's stubs
        clone.viewer, clone.is_search = self.viewer, self.is_search
        clone.bookmarks, clone.tags = self.bookmarks, self.tags
        return clone

    def with_viewer_marks(self, viewer: Viewer) -> "PostQuerySet":
        """Annotate what `viewer_columns` returns, such as `viewer_like`."""
        return self.annotate(**viewer_columns(self.model, viewer))

    def for_viewer(self, viewer: Viewer) -> "PostQuerySet":
        """Return posts as models, with author and the viewer's marks, in one query."""
        return self.select_related("created_by").with_viewer_marks(viewer)

    def visible_to(self, viewer: Viewer, *, in_conversation: bool = False) -> "PostQuerySet":
        """Filter what the viewer may see, in lists or in a conversation.

        Lists have published posts. A conversation, and a post at its own URL, have more: see
        `states.in_conversation`, and of rows read so show `PostRow.for_viewer`.
        """
        return self.filter(states.in_conversation(self, viewer) if in_conversation else PUBLISHED)

    def not_deleted(self) -> "PostQuerySet":
        """Filter what moderators see: all posts but tombstones."""
        return self.exclude(state=states.Constant(PostState.DELETED))

    def starts(self) -> "PostQuerySet":
        """Filter posts that are no replies."""
        return self.filter(in_reply_to__isnull=True)

    def matching(
        self,
        *,
        q: str = "",
        author: str = "",
        tag: str = "",
        bookmarked: str = "",
        replies: str = "",
    ) -> "PostQuerySet":
        """Filter by what `PostFilters` describes; an empty string filters nothing.

        Raise ValidationError for a bad filter, NotAuthenticated for one that needs a login.
        """
        found = self.search(q).by_author(author).tagged(tag).bookmarked(bookmarked)
        with_replies = is_on("replies", replies) or found.is_search or tag or bookmarked
        return found if with_replies else found.starts()

    def search(self, text: str) -> "PostQuerySet":
        """Filter posts whose body contains the text, ignoring case. Raise ValidationError."""
        try:
            cleaned = clean_text(text, MAX_QUERY)
            wanted = fold_for_search(cleaned)
            MaxLengthValidator(MAX_QUERY)(wanted)
        except ValidationError as error:
            raise ValidationError({"q": error.messages}) from None
        if not wanted:
            return self
        contains = models.Q(body_folded__contains=wanted)
        if (before := fold_as_before(cleaned)) != wanted:
            # Rows of an earlier release, until `tasks.fold_posts` has folded them again.
            contains |= models.Q(body_folded__contains=before, folding=None)
        found = self.filter(contains)
        found.is_search = True
        return found

    def by_author(self, username: str) -> "PostQuerySet":
        """Filter posts by the author's username, ignoring case; "" filters nothing."""
        if not username:
            return self
        return self.filter(
            created_by=CustomUser.objects.filter_by_username(username).values("pk")[:1]
        )

    def tagged(self, tag: str) -> "PostQuerySet":
        """Filter posts with the hashtag; "" filters nothing. What is not a tag finds nothing."""
        if not tag:
            return self
        name = parse_tag(tag)
        if name is None:
            return self.none()
        tags: Any = self.model._meta.get_field("posttag").related_model
        found = self.all()
        # What is not published keeps its tags, and is not counted as one of a page.
        found.tags = tags.objects.filter(key=tag_key(name), post__state=None).values("post")
        return found

    def bookmarked(self, switch: str) -> "PostQuerySet":
        """Filter posts that the viewer has bookmarked if the switch is "on"; "" filters nothing.

        A user who is not active has none; `page` raises NotAuthenticated then.
        """
        if not is_on("bookmarked", switch):
            return self
        if not (self.viewer and self.viewer.pk):
            raise NotAuthenticated
        bookmarks: Any = self.model._meta.get_field("postbookmark").related_model
        mine = bookmarks.objects.filter(user=self.viewer.pk, user__is_active=True)
        # So does a bookmark of what was hidden, or deleted at the same moment.
        mine = mine.filter(post__state__isnull=True)
        found = self.all()
        found.bookmarks = mine.values("post")
        return found

    def timeline(
        self,
        *,
        cursor: Cursor | str | None = None,
        page_size: int | str = DEFAULT_PAGE_SIZE,
        **filters: Unpack[PostFilters],
    ) -> Page[PostRow]:
        """Return one page of the posts that match. Raise what `matching` and `page` raise."""
        assert self.viewer is not None, "only `rows_for` a viewer have pages"  # noqa: S101
        if not self.query.where and not any(filters.values()):
            posts: PostManager = self.model.objects
            return posts.timeline(self.viewer, cursor=cursor, page_size=page_size)
        return self.matching(**filters).page(cursor=cursor, page_size=page_size)

    def get_row(self, pk: Any) -> PostRow:
        """Return the post with that id, of `PostManager.rows_for` a viewer. Raise
        Post.DoesNotExist."""
        assert self.viewer is not None, "only `rows_for` a viewer have rows"  # noqa: S101
        row: PostRow = self.model.objects.get_row(self.viewer, pk)
        return row

    def page(self, **request: Unpack[PageRequest]) -> Page[PostRow]:
        """Return one page of `PostManager.rows_for` a viewer, newest first, by one query.

        Raise ValidationError for a bad cursor or page size. For a page of a search raise
        RateLimited when the limit is used up, TooSlow when it takes more than SEARCH_SECONDS.
        """
        assert self.viewer is not None, "only `rows_for` a viewer have pages"  # noqa: S101
        page = PageQuery.at(**request)
        limit: Any = nullcontext()
        if self.is_search:
            limits.spend("search" if self.viewer.pk else "anonymous_search", self.viewer)
            limit = connection.time_limit(SEARCH_SECONDS)  # type: ignore[attr-defined]
        with limit:
            if self.bookmarks is None and self.viewer.pk:
                return without_muted(self._fetch, page, self.viewer)
            found = self._fetch(page)
        if self.bookmarks is not None and not found:
            CustomUser.objects.get_active(self.viewer)
        return page.page(found)

    def _fetch(self, page: PageQuery) -> list[PostRow]:
        wanted, order = self._by_indexes(page)
        rows: Any = page.of(wanted.visible_to(self.viewer), order)  # type: ignore[arg-type]
        return list(map(post_rows.make_row, rows))

    def _by_indexes(self, page: PageQuery) -> tuple["PostQuerySet", str]:
        """Filter by the ids that the indexes of bookmarks and tags have, if they are wanted.

        Return the posts, and the name of the field to order them by. Without another filter the
        page is chosen in one index, so that it costs the same however many posts, bookmarks and
        tags there are; with one, all of them may have to be looked at.
        """
        ids = [each for each in (self.bookmarks, self.tags) if each is not None]
        if not ids:
            return self, ""
        found, first = self, ids.pop()
        for each in ids:
            found = found.filter(pk__in=each)
        chosen = first if found.query.where else page.of(first, "post_id")
        return found.filter(pk__in=chosen), "id"

    def image_bytes_of(self, author: CustomUser) -> int:
        """Return how many bytes the images of the author take, from an index alone."""
        measured = self.filter(created_by=author, image_bytes__isnull=False)
        return measured.aggregate(total=models.Sum("image_bytes"))["total"] or 0

    def file_names_in(self, prefix: str) -> set[str]:
        """Return the names, from that prefix on, of the files that posts refer to.

        The files of one post are in one directory.
        """
        posts = self.filter(image__startswith=prefix).only("image", "image_medium", "thumbnail")
        return set().union(*(post.file_names for post in posts.iterator()))


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
        values: dict[str, Any] = {"viewer": viewer.pk, "pk": reply_to}
        older = None
        if cursor := page.cursor:
            values |= {"created_on": cursor.created_on, "id": cursor.id}
            older = cursor.older
        compiled = compiled_reads.page if reply_to is None else compiled_reads.replies
        found = compiled(self, bool(viewer.pk), page.size, older).fetch(**values)
        rows = list(map(post_rows.make_row, found))
        return rows if reply_to is None else [row.for_viewer(viewer) for row in rows]

    def get_row(self, viewer: Viewer, pk: Any) -> PostRow:
        """Return the post with that id. Raise Post.DoesNotExist, also for what is no id."""
        values = {"viewer": viewer.pk, "pk": self.parse_id(pk)}
        for row in compiled_reads.row(self, bool(viewer.pk)).fetch(**values):
            return post_rows.make_row(row).for_viewer(viewer)
        raise self.does_not_exist()

    def conversation(self, viewer: Viewer, pk: Any) -> Conversation:
        """Return the post with that id and its ancestors, at most MAX_ANCESTORS. Raise
        Post.DoesNotExist.

        One query, whose cost has a bound, however long the conversation is.
        """
        id = self.parse_id(pk)
        compiled = compiled_reads.conversation(self, bool(viewer.pk))
        found = map(post_rows.make_row, compiled.fetch(viewer=viewer.pk, pk=id))
        rows = [row.for_viewer(viewer) for row in found]
        if not rows or rows[-1].pk != id:
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
        found = self.fetch_page(viewer, page, self.parse_id(pk))
        if check and not found:
            self.get_row(viewer, pk)
        return page.page(found)

    # -- To write ------------------------------------------------------------------------------

    def get_editable(self, viewer: Viewer, pk: Any) -> "Post":
        """Return the published post with that id and the viewer's marks, if the viewer may edit it.

        Its author is not read: it is the viewer. Raise Post.DoesNotExist, and what
        `Post.check_editable_by` raises.
        """
        values = {"viewer": viewer.pk, "pk": self.parse_id(pk)}
        post: Post = self._one(compiled_reads.editable(self, bool(viewer.pk)).first(**values))
        post.check_editable_by(viewer)
        return post

    def get_deletable(self, viewer: Viewer, pk: Any) -> "Post":
        """Return the post with that id, if the viewer may delete it: as `get_editable` does.

        It need not be published. Raise Post.DoesNotExist, and what `Post.check_deletable_by`
        raises.
        """
        values = {"viewer": viewer.pk, "pk": self.parse_id(pk)}
        post: Post = self._one(compiled_reads.deletable(self, bool(viewer.pk)).first(**values))
        post.check_deletable_by(viewer)
        return post

    def get_for_update(self, pk: Any, *, published: bool = True) -> "Post":
        """Return the post with that id, locked until the transaction ends.

        Call it in one. On SQLite the transaction itself locks the database. Without `published` it
        may be in any state but deleted. Raise Post.DoesNotExist.
        """
        compiled = compiled_reads.for_update(self, published)
        return self._one(compiled.first(pk=self.parse_id(pk)))

    def get_for_viewer(self, viewer: Viewer, pk: Any) -> "Post":
        """Return the post with that id, its author and the viewer's marks. Raise DoesNotExist."""
        return self._one(self.for_viewer(viewer).filter(pk=self.parse_id(pk)).first())

    def parse_id(self, value: Any) -> int:
        """Return the id that a client sent. Raise Post.DoesNotExist for what can be none.

        The database would raise an error of its own for what is no number of 64 bits.
        """
        text = str(value)
        if not (text.isascii() and text.isdigit() and len(text) < 19):
            raise self.does_not_exist()
        return int(text)

    def does_not_exist(self) -> Exception:
        """Return the error that says so, to be raised."""
        error: Exception = self.model.DoesNotExist("There is no such post.")
        return error

    def _one(self, post: "Post | None") -> "Post":
        if post is None:
            raise self.does_not_exist()
        return post


def is_on(name: str, switch: str) -> bool:
    """Return whether the switch of that name is "on"; "" is off. Raise ValidationError."""
    if switch not in ("", "on"):
        raise ValidationError({name: ["Give “on”, or leave it out."]})
    return bool(switch)
