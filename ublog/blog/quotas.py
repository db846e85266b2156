"""How many bytes of images are stored: by a user in a day and altogether, by a network in a day.

Bytes of stored files count: the re-encoded image and its renditions, what is uploaded and not
published yet, and the profile picture.
Renditions of anonymous posts are made when the network is no longer known, and are not counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.uploads import Upload
from ublog.core import limits
from ublog.core.exceptions import RateLimited, StorageFull

MB = 1_000_000
DAY_FULL = "You have sent as many pictures as is possible in a day."


def check(post: Post) -> None:
    """Check whether any image may be stored with the post, before its size is known.

    Raise RateLimited when the bytes of the day are used up, ValidationError when all bytes are.
    """
    with explain_rate_limit():
        limits.check(limit_of(post), post.created_by)
    check_total(post, 1)


def check_user(user: CustomUser, *, replaced: int = 0) -> None:
    """Check whether the user may store any image, in place of `replaced` bytes.

    Raise what `check` raises.
    """
    with explain_rate_limit():
        limits.check("image_bytes", user)
    check_quota(stored_bytes(user) - replaced + 1)


def spend_user(user: CustomUser, size: int, *, replaced: int = 0, field: str = "image") -> None:
    """Count the bytes of an image of a user, who is locked. Raise what `check` raises."""
    check_quota(stored_bytes(user) - replaced + size, field)
    with explain_rate_limit():
        limits.spend("image_bytes", user, cost=size)


def stored_bytes(user: CustomUser, *, without: Post | None = None) -> int:
    """Return how many bytes all images of the user have: in posts, uploads, and of the profile.

    One query, which adds up from indexes alone.
    """
    posts = Post.objects.filter(created_by=OuterRef("pk"), image_bytes__isnull=False)
    posts = posts.exclude(pk=without.pk) if without else posts
    uploads = Upload.objects.filter(user=OuterRef("pk"))
    total = F("avatar_bytes") + sum_of(posts, "created_by") + sum_of(uploads, "user")
    return next(iter(CustomUser.objects.filter(pk=user.pk).values_list(total, flat=True)), 0)


def sum_of(images: QuerySet[Any], owner: str) -> Combinable:
    """Return the sum of the bytes of images, of one owner, as an expression."""
    sums = images.order_by().values(owner).annotate(total=Sum("image_bytes"))
    return Coalesce(Subquery(sums.values("total")), 0)


def spend(post: Post) -> None:
    """Count the bytes of an accepted image, within the transaction that stores its post.

    The row of the author is locked, so that requests at the same time stay within the quota
    together. Raise what `check` raises.
    """
    if post.created_by:
        author = CustomUser.objects.select_for_update(no_key=True).filter(pk=post.created_by.pk)
        author.values_list("pk").get()
    size = post.image_bytes or 0
    check_total(post, size)
    with explain_rate_limit():
        limits.spend(limit_of(post), post.created_by, cost=size)


@contextmanager
def count_attempt(user: CustomUser | None) -> Iterator[None]:
    """Count an attempt to decode an image of the user, or of a network without one.

    One that ends with Unavailable counts, too: it has waited in a thread, and a client that does
    not wait before the next one must not take the places of others without end. Where no image can
    be stored nothing waits, and nothing is counted. Raise RateLimited.
    """
    limits.spend("image", user)
    try:
        yield
    except StorageFull:
        limits.give_back("image", of=limits.budget_of(user))
        raise


def add_renditions(post: Post, size: int) -> None:
    """Count the bytes of the renditions of an author's image, even beyond the quota."""
    if post.created_by:
        limits.charge("image_bytes", of=limits.budget_of(post.created_by), cost=size)


def check_total(post: Post, size: int) -> None:
    """Raise ValidationError when an image of `size` bytes exceeds the quota of its author."""
    if post.created_by is None:
        return
    check_quota(stored_bytes(post.created_by, without=post) + size)


def check_quota(total: int, field: str = "image") -> None:
    """Raise ValidationError, for that field, when all images of a user are more than they may."""
    if total > settings.IMAGE_QUOTA_BYTES:
        most = f"{settings.IMAGE_QUOTA_BYTES / MB:,.0f} MB"
        text = f"Your pictures may take {most} altogether. Delete some of them to make room."
        raise ValidationError({field: [text]})


@contextmanager
def explain_rate_limit() -> Iterator[None]:
    """Raise RateLimited with a message about images in place of the general one."""
    try:
        yield
    except RateLimited as error:
        raise RateLimited(error.retry_after, DAY_FULL, error.amount) from None


def limit_of(post: Post) -> str:
    """Return the name of the limit that counts the bytes of a day: see `settings.LIMITS`."""
    return "image_bytes" if post.created_by else "anonymous_image_bytes"
