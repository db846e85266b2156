"""Stored images, for sites where no web server serves them: nothing that a browser could run."""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

CONTENT_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


@require_safe
def image(request: HttpRequest, name: str) -> FileResponse:
    """Return a stored image. Its name is random and never used again, so caches may keep it."""
    content_type = CONTENT_TYPES.get(PurePosixPath(name).suffix)
    try:
        if content_type is None:
            raise FileNotFoundError
        response = FileResponse(default_storage.open(name), content_type=content_type)
    except (OSError, SuspiciousFileOperation):
        raise Http404 from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
