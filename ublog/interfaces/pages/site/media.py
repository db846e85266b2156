"""Pictures, served by us where no web server does: nothing a browser could run."""

from pathlib import PurePosixPath

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}


@require_safe
def picture(request: HttpRequest, name: str) -> FileResponse:
    """A stored picture. Its name is random and never used again, so it may be kept for good."""
    content_type = TYPES.get(PurePosixPath(name).suffix)
    try:
        if content_type is None:
            raise FileNotFoundError
        response = FileResponse(default_storage.open(name), content_type=content_type)
    except (OSError, SuspiciousFileOperation):
        raise Http404 from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
