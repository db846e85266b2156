"""The URLs of the comparison. Its modules, and Pygments, are imported at the first request."""

from collections.abc import Callable
from importlib import import_module

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

PACKAGE = "ublog.interfaces.compare"


def source(request: HttpRequest, name: str) -> HttpResponse:
    """Return the page of a Python file."""
    return view_of("source")(request, name)


def compare(request: HttpRequest, operation: str = "like") -> HttpResponse:
    """Return the comparison of an operation, if the site has it. Raise Http404."""
    if not settings.COMPARE:
        raise Http404
    return view_of("views")(request, operation)


def view_of(module: str) -> Callable[..., HttpResponse]:
    view: Callable[..., HttpResponse] = import_module(f"{PACKAGE}.{module}").view
    return view


urlpatterns = [
    path("source/<path:name>/", source, name="source"),
    path("compare/", compare, name="compare-start"),
    path("compare/<slug:operation>/", compare, name="compare"),
]
