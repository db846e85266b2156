"""The source of a page, to which the footer of each page links."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

PAGES = Path(__file__).parents[1]
# Below PAGES, by the namespace of the page's URL or `source` of its template.
FILES = {
    "fbv": "functions/posts.py",
    "cbv": "classes/posts.py",
    "fbv-notifications": "functions/notifications.py",
    "cbv-notifications": "classes/notifications.py",
    "accounts": "accounts/views.py",
}


@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    """Return the Python file with the views of these pages, in a page of its own."""
    if name not in FILES:
        raise Http404
    code = (PAGES / FILES[name]).read_text()
    return render(request, "source.html", {"path": FILES[name], "code": code})
