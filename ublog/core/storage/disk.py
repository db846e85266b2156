"""The disk that images are stored on, a part of which is kept free for texts."""

import shutil
from pathlib import Path

from django.conf import settings

from ublog.core.exceptions import StorageFull

NO_ROOM = "There is no room left for pictures. A post without a picture can still be published."


def free_bytes() -> int | None:
    """Return the free bytes where images are stored; None when they are stored in S3."""
    if settings.S3_BUCKET:
        return None
    media = Path(settings.MEDIA_ROOT)
    place = next(path for path in (media, *media.parents) if path.exists())
    return shutil.disk_usage(place).free


def has_room(size: int = 0) -> bool:
    """Return whether DISK_RESERVE_BYTES stay free when an image of `size` bytes is stored."""
    free = free_bytes()
    return free is None or free >= settings.DISK_RESERVE_BYTES + size


def check_room(size: int) -> None:
    """Raise StorageFull unless `has_room`."""
    if not has_room(size):
        raise StorageFull(NO_ROOM)
