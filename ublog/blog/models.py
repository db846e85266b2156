"""Posts and likes: their fields, what is acceptable, and who may change a post.

How posts are read is in `querysets.py`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypedDict

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import F
from django.utils import timezone

from ublog.accounts import blocks, scopes
from ublog.accounts.models import CustomUser
from ublog.blog import images, mentions
from ublog.blog.archives import Archive  # noqa: F401  a model of this app
from ublog.blog.decoder.sizes import DERIVED
from ublog.blog.fields import (
    MAX_ALT,
    AcceptedImageField,
    CounterField,
    LanguageTagField,
    is_stored,
)
from ublog.blog.managers import PostManager
from ublog.blog.notifications import Notification  # noqa: F401  a model of this app
from ublog.blog.post_rows import PostDisplayMixin
from ublog.blog.publish_keys import PublishKey  # noqa: F401  the same
from ublog.blog.reports import Report  # noqa: F401  the same
from ublog.blog.states import PostState
from ublog.blog.uploads import Upload  # noqa: F401  the same
from ublog.core import site_settings
from ublog.core.cursors import NEWEST_FIRST
from ublog.core.exceptions import NotAuthenticated
from ublog.core.models import BaseModel, SiteSettings
from ublog.core.text import FoldedField, FoldingField, PlainTextField
from ublog.core.text_grammar import MAX_TAG_KEY, has_signs, tag_key, tags
from ublog.core.viewers import Viewer

MAX_BODY = 280  # code points
BY_TIME = (F("created_on").desc(), F("id").desc())
BY_AUTHOR = (F("created_by"), *BY_TIME)
NOT_ALLOWED = "You do not have permission to perform this action."  # DRF's words


class PostInput(TypedDict, total=False):
    """What the author of a post writes: `Post.INPUT`.

    In an edit, what is absent stays, and an empty `image` removes the image.
    """

    body: str
    language: str | None
    image: Any
    image_alt: str


class Post(PostDisplayMixin, BaseModel):
    """A short text, with or without an image, which may reply to another post."""

    body = PlainTextField(max_length=MAX_BODY)
    body_folded = FoldedField(source="body")
    language = LanguageTagField()
    folding = FoldingField()
    image = AcceptedImageField(blank=True)
    image_alt = PlainTextField("picture description", max_length=MAX_ALT, blank=True)
    image_width = models.PositiveIntegerField(null=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, editable=False)
    # Of its stored files; None: no image, or not measured yet (see `tasks.measure_images`).
    image_bytes = models.BigIntegerField(null=True, editable=False)
    # Of most of the image, as #rrggbb; None: it is not known, or there are transparent pixels.
    image_color = models.CharField(max_length=7, null=True, editable=False)  # noqa: DJ001
    # Smaller ones, made by the worker: see `decoder.sizes`.
    image_medium = models.ImageField(blank=True, editable=False, db_column="feed")
    thumbnail = models.ImageField(blank=True, editable=False)
    image_preview = models.ImageField(blank=True, editable=False, default="", db_default="")
    likes = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="PostLike", related_name="liked_posts"
    )
    like_count = CounterField(default=0, editable=False)
    # Who is mentioned in the body, as JSON: see `mentions`.
    mentions = models.TextField(null=True, editable=False)  # noqa: DJ001  None in earlier rows
    # Without a constraint: the previous release, which knows no replies, still deletes posts.
    in_reply_to = models.ForeignKey(
        "self",
        on_delete=models.DO_NOTHING,
        null=True,
        editable=False,
        related_name="replies",
        db_constraint=False,
        db_index=False,
    )
    # The id of the first post of the conversation; None: this is it.
    conversation = models.BigIntegerField(null=True, editable=False)
    reply_count = CounterField(default=0, db_default=0, editable=False)
    # None: published, as the previous release inserts it.
    state = models.PositiveSmallIntegerField(choices=PostState.choices, null=True, editable=False)

    objects = PostManager()
    stored_body = ""
    upload_id = 0  # of the `Upload` that becomes its image

    INPUT = tuple(PostInput.__annotations__)
    # What an image has beside its file.
    OF_IMAGE = ("image_alt", "image_width", "image_height", "image_bytes", "image_color", *DERIVED)
    # The fields that `save` writes after an edit.
    EDITABLE = (*INPUT, "body_folded", "folding", "mentions", *OF_IMAGE)

    class Meta:
        ordering = NEWEST_FIRST
        indexes = [
            models.Index(*BY_TIME, name="post_timeline"),
            models.Index(*BY_AUTHOR, name="post_by_author"),
            # `quotas.stored_bytes` adds up from this index alone.
            models.Index(
                fields=["created_by", "image_bytes", "id"],
                condition=models.Q(image_bytes__isnull=False),
                name="post_image_bytes",
            ),
            # The replies to one post, oldest first.
            models.Index(
                fields=["in_reply_to", "created_on", "id"],
                condition=models.Q(in_reply_to__isnull=False),
                name="post_replies",
            ),
            # The same two lists as above without replies, of which there may be many in a row.
            models.Index(
                *BY_TIME,
                condition=models.Q(in_reply_to__isnull=True, state__isnull=True),
                name="post_starts",
            ),
            models.Index(
                *BY_AUTHOR,
                condition=models.Q(in_reply_to__isnull=True, state__isnull=True),
                name="post_starts_by_author",
            ),
            # What waits for a moderator, and what one has hidden: few of all posts.
            models.Index(
                fields=["state", "created_on", "id"],
                condition=models.Q(state__isnull=False),
                name="post_states",
            ),
            models.Index(
                *BY_AUTHOR, condition=models.Q(state__isnull=False), name="post_unpublished"
            ),
        ]

    def __str__(self) -> str:
        return str(self.body[:50])

    @property
    def file_names(self) -> set[str]:
        """Return the names of its stored files: the image and what is made of it."""
        files = [getattr(self, name) for name in ("image", *DERIVED)]
        return {str(file.name) for file in files if is_stored(file)}

    @property
    def input(self) -> dict[str, Any]:
        """Return what its author wrote. Two images are equal by their names."""
        return {name: getattr(self, name) for name in self.INPUT}

    @property
    def has_new_image(self) -> bool:
        """Return whether there is an image that is not stored yet."""
        return bool(self.image) and not is_stored(self.image)

    def write(self, fields: Mapping[str, Any]) -> None:
        """Set fields, not cleaned yet; an empty value is that of an empty field."""
        for name, value in fields.items():
            field: Any = self._meta.get_field(name)
            setattr(self, name, value or field.get_default())

    def clean(self) -> None:
        """Clear the description and sizes of an image that was removed."""
        super().clean()
        if not self.image:
            self.write(dict.fromkeys(self.OF_IMAGE))

    def accept_image(self) -> None:
        """Replace a new image by its re-encoded form, and set its sizes. Without one, do nothing.

        Raise ValidationError for the field, and what `images.accept` raises.
        """
        if not self.has_new_image:
            return
        accepted = images.accept_field(self.image.file)
        self.image, self.image_bytes = accepted, accepted.size
        self.image_width, self.image_height = accepted.dimensions
        self.write(dict.fromkeys(DERIVED))
        self.image_color = accepted.color

    @property
    def fingerprint(self) -> str:
        """Return a hash of what was sent: equal for the same text and the same file or upload."""
        image = b"".join(self.image.chunks()) if self.image else b""
        names = sorted({*self.INPUT} - {"image"})
        text = "\0".join(getattr(self, name) or "" for name in names).encode()
        if self.in_reply_to_id:
            text += f"\0{self.in_reply_to_id}".encode()
        if self.upload_id:
            text += f"\0upload {self.upload_id}".encode()
        return hashlib.sha256(text + image).hexdigest()

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> "Post":
        """Return the post, with the body that the database has as `stored_body`."""
        post: Post = super().from_db(db, field_names, values, **options)
        post.stored_body = post.__dict__.get("body", "")
        return post

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Store who is mentioned and the tags, too, when the body is stored."""
        saves_body = update_fields is None or "mentions" in update_fields
        if not (saves_body and (has_signs(self.body) or has_signs(self.stored_body))):
            return super().save(update_fields=update_fields, **options)
        is_new = self._state.adding
        found = mentions.find(self.body, mentions.load(self.mentions))
        self.mentions = mentions.dump(found)
        with transaction.atomic():
            super().save(update_fields=update_fields, **options)
            users = {pk for pk, _ in found.values()}
            PostMention.objects.replace(self, "user_id", users, is_new=is_new)
            PostTag.objects.replace(self, "key", set(map(tag_key, tags(self.body))), is_new=is_new)
        self.stored_body = self.body
        return None

    def check_acceptable(self) -> None:
        """Clean all fields. Raise ValidationError with the messages of each field.

        Uniqueness and constraints are left to the database, which checks them anyway.
        """
        derived = {"created_by", "body_folded", "folding", "mentions"}
        derived |= {"in_reply_to", "conversation", "state"}
        self.full_clean(exclude=derived, validate_unique=False, validate_constraints=False)

    @staticmethod
    def check_publishable_by(viewer: Viewer) -> PostState | None:
        """Return the state of a new post by the viewer: held, or None for published.

        Raise NotAuthenticated for an anonymous viewer, unless the site takes such posts. A site
        that only members read takes none. Raise PermissionDenied for one from a network that is
        blocked.
        """
        if viewer.is_authenticated:
            return None
        site = SiteSettings.objects.in_effect()
        if not site.takes_anonymous_posts:
            raise NotAuthenticated
        blocks.check_network()
        return PostState.HELD if site.holds_anonymous_posts else None

    @staticmethod
    def is_held_of(author: CustomUser) -> bool:
        """Return whether the site holds what the author posts now: a new member's posts, until one
        is published. Moderators are no new members. The setting is at most 5 s old."""
        if author.is_staff or site_settings.current().first_posts != SiteSettings.FirstPosts.HELD:
            return False
        return not Post.objects.published().filter(created_by=author).exists()

    def check_editable_by(self, viewer: Viewer) -> None:
        """Raise PermissionDenied for a user who is not the author.

        Raise NotAuthenticated for an anonymous viewer, and for the access token of a user who was
        deleted or deactivated since it was issued.
        """
        self._check(self.editable_by(viewer), viewer)

    def check_deletable_by(self, viewer: Viewer) -> None:
        """Raise what `check_editable_by` raises, for a user who is no moderator either.

        Raise MissingScope for the program of a moderator without the scope `moderate`.
        """
        if self.viewer_moderates and not self.written_by(viewer):
            scopes.check(viewer, scopes.MODERATE)
        self._check(self.deletable_by(viewer), viewer)

    @staticmethod
    def _check(allowed: bool, viewer: Viewer) -> None:
        if not allowed:
            CustomUser.objects.get_active(viewer)
            raise PermissionDenied(NOT_ALLOWED)


class ReferenceQuerySet(models.QuerySet[Any]):
    def replace(self, post: Post, name: str, now: set[Any], *, is_new: bool) -> None:
        """Store the values of a field that the post has now, in place of those that it had.

        A post that is not new is locked: its row has been changed in this transaction.
        """
        before = set() if is_new else set(self.filter(post=post).values_list(name, flat=True))
        if gone := before - now:
            self.filter(post=post, **{f"{name}__in": gone}).delete()
        if new := now - before:
            rows = [self.model(post=post, **{name: value}) for value in sorted(new)]
            self.bulk_create(rows, ignore_conflicts=True)


class PostTag(models.Model):
    """A post has a hashtag. The index of the constraint by tag has the pages of a tag."""

    post = models.ForeignKey(Post, on_delete=models.DO_NOTHING)  # see `triggers`
    key = models.CharField(max_length=MAX_TAG_KEY)  # by `text_grammar.tag_key`

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "post"], name="one_tag_each")]

    def __str__(self) -> str:
        return f"#{self.key} of {self.post_id}"


class PostMention(models.Model):
    """A post mentions a user. None: the user was deleted, and the post is not renewed yet."""

    post = models.ForeignKey(Post, on_delete=models.DO_NOTHING)  # see `triggers`
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="+",
    )

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="one_mention_each")]

    def __str__(self) -> str:
        return f"{self.post_id} mentions {self.user_id}"


class PostMark(models.Model):
    """A mark that a user sets on a post, at most once, and can remove: one row for each.

    A subclass has the user, and a unique constraint on post and user.
    """

    USER: ClassVar[str]  # the name of the field with the user
    LIMIT: ClassVar[str]  # of `settings.LIMITS`

    # The index of the subclass's constraint serves look-ups by post, too.
    post = models.ForeignKey(Post, on_delete=models.DO_NOTHING, db_index=False)  # see `triggers`

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.LIMIT} of {self.post_id} by {getattr(self, f'{self.USER}_id')}"


class PostLike(PostMark):
    """A user likes a post. The database keeps `Post.like_count` by a trigger (ADR 2)."""

    USER, LIMIT = "liked_by", "like"

    liked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    liked_on = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "liked_by"], name="one_like_each")]
        # A page of who likes a post is read from it.
        indexes = [models.Index(fields=["post", "id"], name="likes_of_post")]


class PostBookmark(PostMark):
    """A user keeps a post, to find it again. Nobody else sees that."""

    USER, LIMIT = "user", "bookmark"

    # The index below serves look-ups by user, too.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    created_on = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="one_bookmark_each")]
        # A page of bookmarks is read from it.
        indexes = [models.Index(fields=["user", "post"], name="bookmarks_of_user")]
