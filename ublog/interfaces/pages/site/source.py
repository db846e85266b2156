"""The source of a page, to which the footer of each page links."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

# By the namespace of the page's URL, and what `source` is in its template, below `ublog/interfaces/pages`.
FILES = {
    "fbv": "functions/posts.py",
    "cbv": "classes/posts.py",
    "fbv-notifications": "functions/notifications.py",
    "cbv-notifications": "classes/notifications.py",
    "accounts": "accounts/views.py",
}


@require_safe
def source(request: HttpRequest, name: str) -> FileResponse:
    """Return the Python file with the views of these pages, as plain text."""
    if name not in FILES:
        raise Http404
    path = Path(__file__).parents[1] / FILES[name]
    return FileResponse(path.open("rb"), content_type="text/plain; charset=utf-8")
