"""Stored images, for sites where no web server serves them: nothing that a browser could run."""

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from ublog.interfaces.http.media_types import image_type


@require_safe
def image(request: HttpRequest, name: str) -> FileResponse:
    """Return a stored image. Its name is random and never used again, so caches may keep it."""
    try:
        content_type = image_type(name)
        response = FileResponse(default_storage.open(name), content_type=content_type)
    except (KeyError, OSError, SuspiciousFileOperation):
        raise Http404 from None
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
