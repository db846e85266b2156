"""How many bytes of images somebody may store: a user a day and altogether, a network a day.

What counts is what is stored: an image as it was accepted, and its renditions. Those of anonymous
posts are made when their network is no longer known, and count for nobody.
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
    """Check that a new image of `size` bytes may be stored; before it is accepted, one of any size.

    Raises RateLimited when the day's bytes are used up, ValidationError when all bytes are.
    """
    with explained():
        limits.check(limit_of(post), post.created_by, cost=size)
    check_total(post, size)


def spend(post: Post) -> None:
    """Count the bytes of an accepted image, within the transaction that stores its post.

    One at a time for each author, so that several at once do not exceed what one alone may.
    Raises as `check` does.
    """
    if post.created_by:
        author = CustomUser.objects.select_for_update(no_key=True).filter(pk=post.created_by.pk)
        list(author.values_list("pk"))
    size = post.image_bytes or 0
    check_total(post, size)
    with explained():
        limits.spend(limit_of(post), post.created_by, cost=size)


def add_renditions(post: Post, size: int) -> None:
    """Count the bytes of the renditions of an author's image; nothing is raised."""
    if post.created_by:
        limits.charge("image_bytes", of=limits.budget_of(post.created_by), cost=size)


def check_total(post: Post, size: int) -> None:
    """Raise ValidationError when this post's image exceeds what its author may store."""
    if post.created_by is None:
        return
    others = Post.objects.exclude(pk=post.pk).image_bytes_of(post.created_by)
    if others + size > settings.IMAGE_QUOTA_BYTES:
        most = f"{settings.IMAGE_QUOTA_BYTES / MB:,.0f} MB"
        text = f"Your pictures may take {most} altogether. Delete some of them to make room."
        raise ValidationError({"image": [text]})


@contextmanager
def explained() -> Iterator[None]:
    """Let RateLimited say that it is about bytes."""
    try:
        yield
    except RateLimited as error:
        raise RateLimited(error.retry_after, DAY_FULL) from None


def limit_of(post: Post) -> str:
    """Return the name of the limit that counts the bytes of a day."""
    return "image_bytes" if post.created_by else "anonymous_image_bytes"
