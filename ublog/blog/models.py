"""Posts and likes: the fields, the words to ask for them, and who may change them."""

import hashlib
from datetime import timedelta
from functools import cache, lru_cache
from typing import Any, ClassVar, Unpack

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection, models
from django.db.models import F, OuterRef, Subquery, Value
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from ublog.accounts.models import CustomUser
from ublog.blog import images, post_rows
from ublog.blog.fields import AcceptedImageField, CounterField, is_stored
from ublog.blog.post_rows import PostDisplayMixin, PostRow
from ublog.core import limits
from ublog.core.cursors import NEWEST_FIRST, Cursor, Page, PageQuery, PageRequest
from ublog.core.db.compiled_query import CompiledQuery
from ublog.core.exceptions import IdempotencyKeyReused, NotAuthenticated
from ublog.core.models import BaseModel
from ublog.core.text import FoldedField, PlainTextField, clean_text, fold
from ublog.core.viewers import Viewer

MAX_BODY = 280  # code points
MAX_ALT = 1000  # code points
MAX_QUERY = 200  # code points
SEARCH_SECONDS = 2.0  # that one search may keep the database busy
MAX_KEY = 255  # characters
NOT_LIKED = Value(None, models.BigIntegerField())


class PostQuerySet(models.QuerySet["Post"]):
    viewer: Viewer | None = None  # set by `PostManager.rows_for`
    is_search = False
    defers_likes = False
    _query: Any  # Django's, which its stubs do not know

    @property
    def query(self) -> Any:
        """Return the query. What costs most of it, the viewer's like of each post, is added when
        the query is first used: compiled pages and rows do without."""
        if self.defers_likes and self.viewer:
            self.defers_likes = False
            self._query.add_annotation(liking(self.viewer), "viewer_like")
        return super().query

    @query.setter
    def query(self, query: Any) -> None:
        models.QuerySet.query.fset(self, query)  # type: ignore[attr-defined]  # a property

    def _clone(self) -> Any:
        clone = super()._clone()  # type: ignore[misc]  # not in Django's stubs
        clone.viewer, clone.is_search = self.viewer, self.is_search
        return clone

    def for_viewer(self, viewer: Viewer) -> "PostQuerySet":
        """With the author, and with whether this viewer likes each post, in the same query."""
        return self.select_related("created_by").annotate(viewer_like=liking(viewer))  # type: ignore[no-redef]

    def matching(self, *, q: str = "", author: str = "") -> "PostQuerySet":
        """Those that contain `q` and that the user of this username wrote; "" filters nothing."""
        return self.search(q).by_author(author)

    def search(self, text: str) -> "PostQuerySet":
        """Whose body contains the text, whatever its case. Raises ValidationError for bad text."""
        try:
            wanted = fold(clean_text(text, MAX_QUERY))
            MaxLengthValidator(MAX_QUERY)(wanted)
        except ValidationError as error:
            raise ValidationError({"q": error.messages}) from None
        if not wanted:
            return self
        found = self.filter(body_folded__contains=wanted)
        found.is_search = True
        return found

    def by_author(self, username: str) -> "PostQuerySet":
        """Written by the person of that username, whatever its case."""
        if not username:
            return self
        return self.filter(
            created_by=CustomUser.objects.filter_by_username(username).values("pk")[:1]
        )

    def timeline(
        self, *, q: str = "", author: str = "", **request: Unpack[PageRequest]
    ) -> Page[PostRow]:
        """Return one page of the posts that match. Raises what `matching` and `page` raise."""
        return self.matching(q=q, author=author).page(**request)

    def page(self, **request: Unpack[PageRequest]) -> Page[PostRow]:
        """One page of `rows_for` a viewer, newest first, in one query.

        Raises ValidationError for a bad cursor or page size, and for a page of a search
        RateLimited when the limit is used up, TooSlow when it takes more than SEARCH_SECONDS.
        """
        assert self.viewer is not None, "only `rows_for` a viewer have pages"  # noqa: S101
        page = PageQuery.at(**request)
        if not self._query.where:
            return page.page(fetch_page(self.viewer, page))
        rows: Any = page.of(self)
        if not self.is_search:
            return page.page(list(map(post_rows.of_row, rows)))
        spend_search(self.viewer)
        with connection.time_limit(SEARCH_SECONDS):  # type: ignore[attr-defined]
            return page.page(list(map(post_rows.of_row, rows)))

    def get_row(self, pk: Any) -> PostRow:
        """Return the row of that post, as `fetch_row` does."""
        assert self.viewer is not None, "only `rows_for` a viewer have rows"  # noqa: S101
        return fetch_row(self.viewer, pk)

    def get_post(self, viewer: Viewer, pk: Any) -> "Post":
        """The post itself, not only what is shown of it. Raises Post.DoesNotExist."""
        return self.for_viewer(viewer).get(pk=checked_id(pk))

    def image_bytes_of(self, author: CustomUser) -> int:
        """Return how many bytes the images of the author take, from an index alone."""
        measured = self.filter(created_by=author, image_bytes__isnull=False)
        return measured.aggregate(total=models.Sum("image_bytes"))["total"] or 0

    def stored_in(self, prefix: str) -> set[str]:
        """The names of the files with that prefix that posts have; one post's are in one folder."""
        posts = self.filter(image__startswith=prefix).only("image", "image_medium", "thumbnail")
        return set().union(*(post.file_names for post in posts.iterator()))


class PostManager(models.Manager["Post"].from_queryset(PostQuerySet)):  # type: ignore[misc]
    """What is read of posts, each in one query."""

    @cached_property
    def _rows(self) -> Any:
        """Prepared once: resolving the columns takes a third of the time of the query."""
        return self.values_list(*post_rows.COLUMNS)

    @cached_property
    def _anonymous_rows(self) -> Any:
        return self._rows.annotate(viewer_like=NOT_LIKED)

    def rows_for(self, viewer: Viewer) -> PostQuerySet:
        """The rows of all posts, each with its author and whether this viewer likes it."""
        posts: PostQuerySet = (self._rows if viewer.pk else self._anonymous_rows).all()
        posts.viewer, posts.defers_likes = viewer, bool(viewer.pk)
        return posts

    def timeline(
        self, viewer: Viewer, *, q: str = "", author: str = "", **request: Unpack[PageRequest]
    ) -> Page[PostRow]:
        """Return one page, newest first. Raises ValidationError for an invalid argument."""
        if not (q or author):  # without a query set, which would take 3 % of the request
            page = PageQuery.at(**request)
            return page.page(fetch_page(viewer, page))
        return self.rows_for(viewer).timeline(q=q, author=author, **request)

    def get_row(self, viewer: Viewer, pk: Any) -> PostRow:
        """Return the row of that post, as `fetch_row` does."""
        return fetch_row(viewer, pk)

    def get_editable(self, viewer: Viewer, pk: Any) -> "Post":
        """The post with that id, if the viewer may change it.

        Raises Post.DoesNotExist, and what `check_editable_by` raises.
        """
        post: Post = self.get_post(viewer, pk)
        post.check_editable_by(viewer)
        return post


def spend_search(viewer: Viewer) -> None:
    """Count one page of a search. Raises RateLimited."""
    limits.spend("search" if viewer.pk else "anonymous_search", viewer)


def liking(viewer: Viewer) -> Subquery | Value:
    """The viewer's like of each post, by one look into an index; a stranger likes none."""
    if not viewer.pk:
        return NOT_LIKED
    return Subquery(likes_of_each().filter(liked_by=viewer.pk)[:1])


@cache
def likes_of_each() -> Any:
    """The likes of each post that a query is about; prepared once, as the columns of a page."""
    return PostLike.objects.filter(post=OuterRef("pk")).values("pk")


class PlaceholderViewer:
    """Represents the viewer in a query that is compiled for any."""

    pk = -1
    is_authenticated = True


PLACEHOLDERS = {"viewer": PlaceholderViewer.pk, "pk": -2, "cursor_id": Cursor.PLACEHOLDER.id}


@lru_cache(maxsize=1024)
def compiled_rows(logged_in: bool, page: PageQuery | None = None) -> CompiledQuery:
    """`rows_for` a viewer, compiled: one row by its `pk`, or those of a `page`."""
    rows: Any = Post.objects.rows_for(PlaceholderViewer() if logged_in else AnonymousUser())
    rows = page.of(rows) if page else rows.filter(pk=PLACEHOLDERS["pk"])
    moment = connection.ops.adapt_datetimefield_value(Cursor.PLACEHOLDER.created_on)
    return CompiledQuery(rows, cursor_moment=moment, **PLACEHOLDERS)


def fetch_row(viewer: Viewer, pk: Any) -> PostRow:
    """Return the row of one post. Raises Post.DoesNotExist, also for what is no id."""
    rows = compiled_rows(bool(viewer.pk)).fetch(viewer=viewer.pk, pk=checked_id(pk))
    if not rows:
        raise Post.DoesNotExist("There is no such post.")
    return post_rows.of_row(rows[0])


def fetch_page(viewer: Viewer, page: PageQuery) -> list[PostRow]:
    """The rows of a page of all posts, and one more when others follow."""
    values: dict[str, Any] = {"viewer": viewer.pk}
    if page.cursor:
        moment = connection.ops.adapt_datetimefield_value(page.cursor.created_on)
        values |= {"cursor_moment": moment, "cursor_id": page.cursor.id}
    rows = compiled_rows(bool(viewer.pk), page.shape).fetch(**values)
    return list(map(post_rows.of_row, rows))


def checked_id(value: Any) -> int:
    """The number meant. Raises Post.DoesNotExist for what the database could not even compare."""
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Post.DoesNotExist("There is no such post.")
    return int(text)


class Post(PostDisplayMixin, BaseModel):
    """A short text, with a picture if its author likes."""

    body = PlainTextField(max_length=MAX_BODY)
    body_folded = FoldedField(source="body")
    image = AcceptedImageField(blank=True)
    image_alt = PlainTextField("picture description", max_length=MAX_ALT, blank=True)
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    # Of its stored files; None: no image, or not measured yet (see `tasks.measure_images`).
    image_bytes = models.BigIntegerField(null=True, editable=False)
    # Smaller ones, made by the worker: see `images.RENDITIONS`.
    image_medium = models.ImageField(blank=True, editable=False, db_column="feed")
    thumbnail = models.ImageField(blank=True, editable=False)
    likes = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="PostLike", related_name="liked_posts"
    )
    like_count = CounterField(default=0, editable=False)

    objects = PostManager()

    # What `save` writes after an edit, and nothing else.
    EDITABLE = (
        *("body", "body_folded"),
        *("image", "image_alt", "image_width", "image_height", "image_medium", "thumbnail"),
        "image_bytes",
    )

    class Meta:
        ordering = NEWEST_FIRST
        indexes = [
            models.Index(F("created_on").desc(), F("id").desc(), name="post_timeline"),
            models.Index(
                F("created_by"), F("created_on").desc(), F("id").desc(), name="post_by_author"
            ),
            # What `image_bytes_of` adds up, without a look at the posts.
            models.Index(
                fields=["created_by", "image_bytes", "id"],
                condition=models.Q(image_bytes__isnull=False),
                name="post_image_bytes",
            ),
        ]

    def __str__(self) -> str:
        return str(self.body[:50])

    @property
    def file_names(self) -> set[str]:
        """The names of its stored files."""
        files = (self.image, self.image_medium, self.thumbnail)
        return {str(file.name) for file in files if is_stored(file)}

    @property
    def has_new_image(self) -> bool:
        """Whether there is an image that is not stored yet."""
        return bool(self.image) and not is_stored(self.image)

    def clean(self) -> None:
        """No image, no description."""
        super().clean()
        if not self.image:
            self.image_alt, self.image_medium, self.thumbnail = "", "", ""
            self.image_width = self.image_height = self.image_bytes = None

    def accept_image(self) -> None:
        """Replace a new image by what is kept of it, and note its size; else do nothing.

        Raises ValidationError for the field, and what `images.accept` raises.
        """
        if not self.has_new_image:
            return
        try:
            accepted = images.accept(self.image.file)
        except ValidationError as error:
            raise ValidationError({"image": error.messages}) from None
        self.image, self.image_bytes = accepted, accepted.size
        self.image_width, self.image_height = accepted.dimensions
        self.image_medium, self.thumbnail = "", ""

    @property
    def fingerprint(self) -> str:
        """A hash of what was sent: equal for the same text and the same file."""
        picture = b"".join(self.image.chunks()) if self.image else b""
        text = f"{self.body}\0{self.image_alt}\0".encode()
        return hashlib.sha256(text + picture).hexdigest()

    def check_acceptable(self) -> None:
        """Clean all fields. Raises ValidationError with the messages of each field.

        Without the checks that would ask the database what the database checks anyway.
        """
        unseen = {"created_by", "body_folded"}
        self.full_clean(exclude=unseen, validate_unique=False, validate_constraints=False)

    @staticmethod
    def check_publishable_by(viewer: Viewer) -> None:
        """Raises NotAuthenticated for a stranger where a site does not let strangers post."""
        if not (viewer.is_authenticated or settings.ANONYMOUS_POSTS):
            raise NotAuthenticated

    def check_editable_by(self, viewer: Viewer) -> None:
        """Raises PermissionDenied for anyone but the author, NotAuthenticated for a stranger.

        Someone deleted since is a stranger, too, though their access token still names them.
        """
        if not self.editable_by(viewer):
            CustomUser.objects.get_active(viewer)
            raise PermissionDenied("You do not have permission to perform this action.")


class PublishKey(models.Model):
    """A post that was sent with an idempotency key: sending it again makes no second one.

    Of the key, of whose it is and of what was sent nothing is stored but hashes.
    """

    KEEP: ClassVar = timedelta(hours=24)

    hash = models.CharField(primary_key=True, max_length=64)
    content = models.CharField(max_length=64)
    # No constraint: the post may be deleted, and must not come back by a late second try.
    post = models.ForeignKey(
        Post, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    created_on = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"key of post {self.post_id}"

    @classmethod
    def of(cls, key: str, owner: str, post: Post) -> "PublishKey":
        """The key as it is stored with this new post. Raises ValidationError for a bad key."""
        if len(key) > MAX_KEY:
            raise ValidationError(f"An idempotency key has at most {MAX_KEY} characters.")
        name = salted_hmac("ublog.idempotency", f"{owner}\n{key}", algorithm="sha256").hexdigest()
        return cls(hash=name, content=post.fingerprint)

    def made(self) -> int | None:
        """The id of the post that was made with this key; None: none was.

        Raises IdempotencyKeyReused when another one is sent now.
        """
        first = PublishKey.objects.filter(pk=self.hash).first()
        if first and first.content != self.content:
            raise IdempotencyKeyReused
        return first.post_id if first else None


class PostLike(models.Model):
    """One person likes one post. The database keeps `Post.like_count` by a trigger."""

    # The index of the constraint below serves the post alone, too.
    post = models.ForeignKey(Post, on_delete=models.CASCADE, db_index=False)
    liked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    liked_on = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "liked_by"], name="one_like_each")]

    def __str__(self) -> str:
        return f"{self.liked_by_id} likes {self.post_id}"
