"""The source of a page: what the foot of each template page leads to."""

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

FILES = {
    "fbv": "functions/posts.py",
    "cbv": "classes/posts.py",
    "accounts": "accounts.py",
}


@require_safe
def source(request: HttpRequest, name: str) -> FileResponse:
    """The Python file that makes these pages, as plain text."""
    if name not in FILES:
        raise Http404
    path = Path(__file__).parent / FILES[name]
    return FileResponse(path.open("rb"), content_type="text/plain; charset=utf-8")
