"""A Python file as a page, to which the pages and the comparison link."""

from functools import cache

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from ublog.interfaces.compare.code import ROOT
from ublog.interfaces.compare.highlight import python_lines

PAGES = "ublog/interfaces/pages"
# By the namespace of a page's URL, or `source` of its template: the file, and its first page.
FILES = {
    "fbv": (f"{PAGES}/functions/posts.py", "fbv:list"),
    "cbv": (f"{PAGES}/classes/posts.py", "cbv:list"),
    "fbv-likes": (f"{PAGES}/functions/likes.py", "fbv:list"),
    "cbv-likes": (f"{PAGES}/classes/likes.py", "cbv:list"),
    "fbv-notifications": (f"{PAGES}/functions/notifications.py", "fbv:list"),
    "cbv-notifications": (f"{PAGES}/classes/notifications.py", "cbv:list"),
    "accounts": (f"{PAGES}/accounts/views.py", "fbv:list"),
}
# Whose files are shown: interfaces, and the domain that they call.
DIRECTORIES = ("ublog/interfaces", "ublog/blog", "ublog/accounts")


@require_safe
def view(request: HttpRequest, name: str) -> HttpResponse:
    """Return the file of a page, or the one with that path, with numbered lines. Raise Http404."""
    path, page = FILES.get(name, (name, ""))
    if path not in shown_files():
        raise Http404
    code = (ROOT / path).read_text(encoding="utf-8")
    context = {"path": path, "lines": python_lines(code), "back": way_back(page)}
    return render(request, "compare/source.html", context)


@cache
def shown_files() -> frozenset[str]:
    """Return the paths of all files that may be shown, so that no other can be asked for."""
    files = (file for name in DIRECTORIES for file in (ROOT / name).rglob("*.py"))
    return frozenset(file.relative_to(ROOT).as_posix() for file in files)


def way_back(page: str) -> tuple[str, str]:
    """Return the URL and the text of the link to what uses the code."""
    if page:
        return reverse(page), "The page"
    if settings.COMPARE:
        return reverse("compare-start"), "The five interfaces compared"
    return reverse("fbv:list"), "The posts"
