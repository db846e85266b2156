"""How many bytes of images are stored: by a user in a day and altogether, by a network in a day.

Bytes of stored files count: the re-encoded image and its renditions. Renditions of anonymous posts
are made when the network is no longer known, and are not counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.core import limits
from ublog.core.exceptions import RateLimited

MB = 1_000_000
DAY_FULL = "You have sent as many pictures as is possible in a day."


def check(post: Post, size: int = 1) -> None:
    """Check whether an image of `size` bytes may be stored; without a size, one of any size.

    Raise RateLimited when the bytes of the day are used up, ValidationError when all bytes are.
    """
    with explain_rate_limit():
        limits.check(limit_of(post), post.created_by, cost=size)
    check_total(post, size)


def spend(post: Post) -> None:
    """Count the bytes of an accepted image, within the transaction that stores its post.

    The row of the author is locked, so that requests at the same time stay within the quota
    together. Raise what `check` raises.
    """
    if post.created_by:
        author = CustomUser.objects.select_for_update(no_key=True).filter(pk=post.created_by.pk)
        list(author.values_list("pk"))
    size = post.image_bytes or 0
    check_total(post, size)
    with explain_rate_limit():
        limits.spend(limit_of(post), post.created_by, cost=size)


def add_renditions(post: Post, size: int) -> None:
    """Count the bytes of the renditions of an author's image, even beyond the quota."""
    if post.created_by:
        limits.charge("image_bytes", of=limits.budget_of(post.created_by), cost=size)


def check_total(post: Post, size: int) -> None:
    """Raise ValidationError when an image of `size` bytes exceeds the quota of its author."""
    if post.created_by is None:
        return
    others = Post.objects.exclude(pk=post.pk).image_bytes_of(post.created_by)
    if others + size > settings.IMAGE_QUOTA_BYTES:
        most = f"{settings.IMAGE_QUOTA_BYTES / MB:,.0f} MB"
        text = f"Your pictures may take {most} altogether. Delete some of them to make room."
        raise ValidationError({"image": [text]})


@contextmanager
def explain_rate_limit() -> Iterator[None]:
    """Raise RateLimited with a message about images in place of the general one."""
    try:
        yield
    except RateLimited as error:
        raise RateLimited(error.retry_after, DAY_FULL) from None


def limit_of(post: Post) -> str:
    """Return the name of the limit that counts the bytes of a day: see `settings.LIMITS`."""
    return "image_bytes" if post.created_by else "anonymous_image_bytes"
