"""How posts are read: what is shown of them, which ones, and in which order.

`PostQuerySet` defines every read. What nearly every request reads is compiled once from it, by
`managers.py`.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, Unpack

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import IsNull

from ublog.accounts import reading
from ublog.accounts.active_users import active_now
from ublog.accounts.models import CustomUser
from ublog.accounts.querysets import USERNAME
from ublog.blog import post_rows, search, states
from ublog.blog.decoder.sizes import DERIVED
from ublog.blog.mutes import without_muted, without_muted_items
from ublog.blog.post_rows import PostRow
from ublog.blog.search import MAX_QUERY
from ublog.blog.states import PUBLISHED, PostState
from ublog.blog.viewer_columns import viewer_columns
from ublog.core.cursors import DEFAULT_PAGE_SIZE, Cursor, Page, PageQuery, PageRequest
from ublog.core.db.compiled_query import Constant
from ublog.core.exceptions import NotAuthenticated
from ublog.core.ids import parse_id
from ublog.core.text_grammar import parse_tag, tag_key
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.blog.models import Post  # noqa: F401  # in quotes below


class PostFilters(TypedDict, total=False):
    """By what a list of posts is filtered, with what clients read of it; "" filters nothing.

    The arguments of `PostQuerySet.matching`. Interfaces take the names and texts from here, and
    after the text the values, where there are only some.
    """

    q: Annotated[str, f"Posts that contain this text (≤ {MAX_QUERY}). Limited, each page."]
    author: Annotated[str, "Posts by the user of this username."]
    tag: Annotated[str, "Posts with this hashtag, with or without its sign."]
    bookmarked: Annotated[str, "`on`: posts that you have bookmarked; needs a login.", "on"]
    replies: Annotated[
        str,
        "`on`: replies, too; a search, a tag and lists that only you see always have them.",
        "on",
    ]
    unpublished: Annotated[
        str,
        "`on`: posts of yours that are held, or that a moderator has hidden; needs a login.",
        "on",
    ]


class PostQuerySet(models.QuerySet["Post"]):
    viewer: Viewer | None = None  # set by `PostManager.rows_for`
    text: models.Q | None = None  # what `search` looks for
    author = models.Q()  # the condition of `by_author`
    indexed: tuple[Any, ...] = ()  # the ids of posts to which `bookmarked`, … limit a page
    is_own = False  # whether only the viewer sees such a list
    is_unpublished = False  # whether `unpublished` limits a page

    def _clone(self) -> Any:
        clone = super()._clone()  # type: ignore[misc]  # not in Django's stubs
        clone.viewer, clone.text, clone.author = self.viewer, self.text, self.author
        clone.indexed, clone.is_own = self.indexed, self.is_own
        clone.is_unpublished = self.is_unpublished
        return clone

    def with_viewer_marks(self, viewer: Viewer) -> "PostQuerySet":
        """Annotate what `viewer_columns` returns, such as `viewer_like`."""
        return self.annotate(**viewer_columns(self.model, viewer))

    def for_viewer(self, viewer: Viewer) -> "PostQuerySet":
        """Return posts as models, with author and the viewer's marks, in one query."""
        return self.select_related("created_by").with_viewer_marks(viewer)

    def visible_to(self, viewer: Viewer, *, in_conversation: bool = False) -> "PostQuerySet":
        """Filter what the viewer may see, in lists or in a conversation.

        Lists have published posts, but for `unpublished`. A conversation, and a post at its own
        URL, have more: see `states.in_conversation`. Show what `PostRow.for_viewer` leaves of such
        a row. A viewer who may not read the site sees none: after a read that finds nothing, call
        `reading.check_found`.
        """
        seen = states.in_conversation(self, viewer) if in_conversation else self.listed_states
        return self.filter(seen, reading.readable_by(viewer))

    @property
    def listed_states(self) -> models.Q:
        """Return the condition for the states of posts that a list has."""
        return models.Q(state__isnull=False) if self.is_unpublished else PUBLISHED

    def published(self) -> "PostQuerySet":
        """Filter published posts, also for those who may not read: for what acts on them."""
        return self.filter(PUBLISHED)

    def not_deleted(self) -> "PostQuerySet":
        """Filter what moderators see: all posts but tombstones."""
        return self.exclude(state=Constant(PostState.DELETED))

    def starts(self) -> "PostQuerySet":
        """Filter posts that are no replies."""
        return self.filter(in_reply_to__isnull=True)

    def for_sitemap(self) -> models.QuerySet[Any, tuple[int, datetime]]:
        """Return the id and the last edit of the published posts that are no replies, oldest
        first."""
        starts = self.visible_to(AnonymousUser()).starts()
        return starts.order_by("pk").values_list("pk", "modified_on")

    def authors_for_sitemap(self) -> models.QuerySet[Any, str]:
        """Return the usernames of the active authors of these posts."""
        written = self.visible_to(AnonymousUser()).filter(created_by=OuterRef("pk")).starts()
        authors = CustomUser.objects.filter(models.Exists(written), is_active=True)
        return authors.order_by("pk").values_list("username", flat=True)

    def matching(
        self,
        *,
        q: str = "",
        author: str = "",
        tag: str = "",
        bookmarked: str = "",
        replies: str = "",
        unpublished: str = "",
    ) -> "PostQuerySet":
        """Filter by what `PostFilters` describes; an empty string filters nothing.

        Raise ValidationError for a bad filter, NotAuthenticated for one that needs a login.
        """
        found = self.search(q).by_author(author).tagged(tag).bookmarked(bookmarked)
        found = found.unpublished(unpublished)
        with_replies = is_on("replies", replies) or found.text or tag or found.is_own
        return found if with_replies else found.starts()

    def search(self, text: str) -> "PostQuerySet":
        """Have `timeline` look for posts whose body contains the text, ignoring case.

        "" filters nothing. Raise ValidationError.
        """
        wanted, before = search.fold(text)
        if not wanted:
            return self
        contains = models.Q(body_folded__contains=wanted)
        if before != wanted:
            # Rows of an earlier release, until `tasks.fold_posts` has folded them again.
            contains |= models.Q(body_folded__contains=before, folding=None)
        found = self.all()
        found.text = contains
        return found

    def by_author(self, username: str) -> "PostQuerySet":
        """Filter posts by the author's username, or one that is reserved for the author, ignoring
        case; "" filters nothing."""
        if not username:
            return self
        if not USERNAME.fullmatch(username):
            return self.none()
        users = CustomUser.objects
        now, before = users.filter_by_username(username), users.filter_by_former_username(username)
        ids = (Subquery(found.values("pk")[:1]) for found in (now, before))
        author = models.Q(created_by=Coalesce(*ids))
        found = self.filter(author)
        found.author = author
        return found

    def by_author_id(self, id: str) -> "PostQuerySet":
        """Filter posts by the author's id, as a client sends it."""
        author = models.Q(created_by=parse_id(id))
        found = self.filter(author)
        found.author = author
        return found

    def with_ids(self, ids: list[str]) -> "PostQuerySet":
        """Filter posts by their ids, as a client sends them."""
        return self.filter(pk__in=list(map(parse_id, ids)))

    def tagged(self, tag: str) -> "PostQuerySet":
        """Filter posts with the hashtag; "" filters nothing. What is not a tag finds nothing."""
        if not tag:
            return self
        name = parse_tag(tag)
        if name is None:
            return self.none()
        tags: Any = self.model._meta.get_field("posttag").related_model
        return self.among(tags.objects.filter(key=tag_key(name)))

    def bookmarked(self, switch: str) -> "PostQuerySet":
        """Filter posts that the viewer has bookmarked if the switch is "on"; "" filters nothing."""
        if not (owner := self.owner_if("bookmarked", switch)):
            return self
        bookmarks: Any = self.model._meta.get_field("postbookmark").related_model
        found = self.among(bookmarks.objects.filter(active_now("user__"), user=owner))
        found.is_own = True
        return found

    def unpublished(self, switch: str) -> "PostQuerySet":
        """Filter the viewer's posts that are not published if the switch is "on"; "" filters
        nothing.

        They are held or hidden: of tombstones nobody is the author.
        """
        if not (owner := self.owner_if("unpublished", switch)):
            return self
        own = models.Q(active_now("created_by__"), created_by=owner, state__isnull=False)
        found = self.filter(own)
        found.author, found.is_own, found.is_unpublished = own, True, True
        return found

    def owner_if(self, name: str, switch: str) -> Any:
        """Return the id of the viewer, whose list it is, if the switch is on; None if it is off.

        Raise ValidationError, and NotAuthenticated without a login. A user who is not active has
        no such posts; `page` raises NotAuthenticated then.
        """
        if not is_on(name, switch):
            return None
        if not (self.viewer and self.viewer.pk):
            raise NotAuthenticated
        return self.viewer.pk

    def among(self, rows: Any) -> "PostQuerySet":
        """Filter the posts of these rows by their index, such as that of a tag."""
        found = self.all()
        found.indexed = (*self.indexed, rows.values("post"))
        return found

    def timeline(
        self,
        *,
        cursor: Cursor | str | None = None,
        page_size: int | str = DEFAULT_PAGE_SIZE,
        **filters: Unpack[PostFilters],
    ) -> Page[PostRow]:
        """Return one page of the posts that match.

        Raise what `matching`, `page` and, with a text, `PostManager.search_page` raise.
        """
        assert self.viewer is not None, "only `rows_for` a viewer have pages"  # noqa: S101
        posts: Any = self.model.objects
        if (text := filters.get("q")) and search.fold(text)[0]:
            assert not self.query.where, "only all posts are searched"  # noqa: S101
            query = PageQuery.at(cursor=cursor, page_size=page_size)
            return self._shown(*posts.search_page(self.viewer, query, filters))
        if not self.query.where and not any(filters.values()):
            page: Page[PostRow] = posts.timeline(self.viewer, cursor=cursor, page_size=page_size)
            return page
        return self.matching(**filters).page(cursor=cursor, page_size=page_size)

    def get_row(self, pk: Any) -> PostRow:
        """Return the post with that id, of `PostManager.rows_for` a viewer. Raise
        Post.DoesNotExist."""
        assert self.viewer is not None, "only `rows_for` a viewer have rows"  # noqa: S101
        row: PostRow = self.model.objects.get_row(self.viewer, pk)
        return row

    def page(self, **request: Unpack[PageRequest]) -> Page[PostRow]:
        """Return one page of `PostManager.rows_for` a viewer, newest first, by one query.

        Raise ValidationError for a bad cursor or page size. A search has pages by `timeline` alone.
        """
        assert self.viewer is not None, "only `rows_for` a viewer have pages"  # noqa: S101
        assert self.text is None, "a search has pages by `timeline` alone"  # noqa: S101
        query = PageQuery.at(**request)
        if self.viewer.pk and not self.is_own:
            return without_muted(self._fetch, query, self.viewer)
        return self._shown(query.page(self._fetch(query)), self.is_own)

    def _shown(self, page: Page[PostRow], is_own: bool) -> Page[PostRow]:
        """Return a page without what the viewer mutes, unless it is one of their own lists: these
        are empty for a user who is not active. Raise NotAuthenticated then."""
        assert self.viewer is not None, "only `rows_for` a viewer have pages"  # noqa: S101
        if not is_own:
            return without_muted_items(page, self.viewer)
        if not page.items:
            CustomUser.objects.get_active(self.viewer)
        return page

    def _fetch(self, page: PageQuery) -> list[PostRow]:
        posts, ids = self.by_index()
        order = ""
        if ids is not None:
            # What is not published keeps its tags, and is not counted as one of a page. A join,
            # which PostgreSQL merges, would begin at the newest post however deep the page is.
            state = self.model.objects.filter(pk=OuterRef("post")).order_by().values("state")
            ids = ids.filter(IsNull(Subquery(state), not self.is_unpublished))
            # Without another filter the page is chosen in the index, so that it costs the same
            # however many posts and rows there are.
            ids = ids if posts.query.where else page.of(ids, "post_id")
            posts, order = posts.filter(pk__in=ids), "id"
        rows: Any = page.of(posts.visible_to(self.viewer), order)  # type: ignore[arg-type]
        found = list(map(post_rows.make_row, rows))
        if not found:
            reading.check_found(self.viewer)  # type: ignore[arg-type]
        return found

    def by_index(self) -> tuple["PostQuerySet", Any]:
        """Return the posts, and the ids to which an index limits them; None where none does.

        Where several do, the posts are filtered by the others.
        """
        if not self.indexed:
            return self, None
        posts, (first, *others) = self, self.indexed
        for ids in others:
            posts = posts.filter(pk__in=ids)
        return posts, first

    def file_names_in(self, prefix: str) -> set[str]:
        """Return the names, from that prefix on, of the files that posts refer to.

        The files of one post are in one directory.
        """
        posts = self.filter(image__startswith=prefix).only("image", *DERIVED)
        return set().union(*(post.file_names for post in posts.iterator()))


def is_on(name: str, switch: str) -> bool:
    """Return whether the switch of that name is "on"; "" is off. Raise ValidationError."""
    if switch not in ("", "on"):
        raise ValidationError({name: ["Give “on”, or leave it out."]})
    return bool(switch)
