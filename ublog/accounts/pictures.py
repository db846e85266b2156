"""Profile pictures: the columns of a user that name their files, and what is shown of them.

`blog.profiles` makes and stores them, since the code of pictures is there.
"""

from functools import lru_cache
from typing import Any, TypedDict

from django.conf import settings
from django.db import models

# The sides of both squares, in pixels, by what their names end with.
SMALL, LARGE = ("-96.webp", 96), ("-400.webp", 400)


class Square(TypedDict):
    """A profile picture in one size: width and height in pixels."""

    url: str
    width: int
    height: int


@lru_cache(maxsize=1024)
def squares(name: str) -> list[Square] | None:
    """Return a profile picture in its sizes, smallest first; None without one.

    `name` is that of the smallest file, from which the other name follows: lists read one column.
    Cached, since lists show the same authors again and again; nobody changes the result.
    """
    if not name:
        return None
    # As in `PostDisplayMixin.image_info`.
    stem = f"{settings.MEDIA_URL}{name.removesuffix(SMALL[0])}"
    return [{"url": f"{stem}{end}", "width": side, "height": side} for end, side in (SMALL, LARGE)]


class AvatarMixin:
    """What is shown of the profile picture of a user."""

    avatar: Any  # the name of its smallest file, "" without a picture

    @property
    def avatar_info(self) -> list[Square] | None:
        """Return the profile picture in its sizes, smallest first, or None."""
        return squares(str(self.avatar))


class ProfilePicture(AvatarMixin, models.Model):
    """The columns of a user with the profile picture: squares of 96 and 400 pixels."""

    avatar = models.FileField(blank=True, editable=False, default="", db_default="")
    avatar_large = models.FileField(blank=True, editable=False, default="", db_default="")
    # Of both files, for the quota.
    avatar_bytes = models.PositiveIntegerField(editable=False, default=0, db_default=0)

    class Meta:
        abstract = True

    @property
    def avatar_names(self) -> set[str]:
        """Return the names of the stored files."""
        return {str(file.name) for file in (self.avatar, self.avatar_large) if file}
