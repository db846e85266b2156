"""The media types of stored images, by their names."""

from pathlib import PurePosixPath

IMAGE_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


def image_type(name: str) -> str:
    """Return the media type of a stored image. Raise KeyError for another file."""
    return IMAGE_TYPES[PurePosixPath(name).suffix]
