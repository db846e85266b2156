"""How requests of Mastodon's clients are read: query strings, JSON, forms with brackets; CORS."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
from django.core.exceptions import BadRequest, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt

from ublog.core.viewers import Viewer
from ublog.interfaces.http.mastodon import error_response, json_response
from ublog.interfaces.mastodon.authentication import check_scope, viewer_of
from ublog.interfaces.mastodon.errors import TRANSLATED, translate

OFF = frozenset(("", "0", "false", "f", "off", "no"))
View = Callable[..., Any]


@dataclass(frozen=True)
class ApiRequest:
    """A request: who sends it, and the parameters of its query string and its body."""

    http: HttpRequest
    viewer: Viewer
    params: dict[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """Return a parameter as text. Raise ValidationError for a list or an object."""
        value = self.params.get(name)
        if value is None:
            return default
        if isinstance(value, list | dict):
            raise ValidationError({name: ["Send a text."]})
        return str(value)

    def has(self, name: str) -> bool:
        """Return whether a parameter was sent, and not as null."""
        return self.params.get(name) is not None

    def file(self, name: str) -> Any:
        """Return a file of a form. Raise ValidationError without one."""
        file = self.params.get(name)
        if not isinstance(file, UploadedFile):
            raise ValidationError({name: ["Send a file."]})
        return file

    def inner(self, name: str, field: str) -> str:
        """Return a field of an object: JSON, or `name[field]` of a form; "" without it."""
        found = self.params.get(name)
        inner = found if isinstance(found, dict) else {}
        value = inner.get(field, self.params.get(f"{name}[{field}]"))
        return "" if isinstance(value, list | dict | None) else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """Return a whole number; 0 for other texts and for ten digits and more."""
        text = self.text(name, str(default))
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def flag(self, name: str) -> bool:
        """Return a boolean, which forms write as "1", "true", "0" or "false"."""
        return self.text(name).lower() not in OFF

    def texts(self, name: str) -> list[str]:
        """Return a list of texts, such as ids: `ids[]=1&ids[]=2`, or JSON; a single one is a
        list, too."""
        value = self.params.get(name)
        values = value if isinstance(value, list) else [] if value is None else [value]
        if any(isinstance(one, list | dict) for one in values):
            raise ValidationError({name: ["Send a list of texts."]})
        return [str(one) for one in values]


def route(template: str, **views: View) -> URLPattern:
    """Return the route of a path with a view for each method, with and without the last slash.

    Clients disagree path by path, and a redirect would lose what they send.
    """
    pattern = template.replace("<", "(?P<").replace(">", ">[^/]+)")
    return re_path(f"{pattern}/?$", endpoint(**views))


def endpoint(**views: View) -> View:
    """Return the Django view that calls the view of the method, with an ApiRequest.

    A view returns JSON types, or a response. Errors and 405 are JSON, too.
    """
    if "GET" in views:
        views["HEAD"] = views["GET"]

    @csrf_exempt
    def respond(request: HttpRequest, **arguments: str) -> HttpResponse:
        if request.method == "OPTIONS":
            return json_response({})
        view = views.get(str(request.method))
        return call(view, request, arguments) if view else not_allowed(views)

    return respond


def not_allowed(views: dict[str, View]) -> HttpResponse:
    """Return the response to a method that has no view."""
    response = error_response(405, "Method not allowed")
    response["Allow"] = ", ".join([*views, "OPTIONS"])
    return response


def call(view: View, request: HttpRequest, arguments: dict[str, str]) -> HttpResponse:
    """Return what the view returns as a response, or its error."""
    try:
        viewer = viewer_of(request)
        check_scope(viewer, view)
        content = view(ApiRequest(request, viewer, params_of(request)), **arguments)
    except TRANSLATED as error:
        return translate(error)
    return content if isinstance(content, HttpResponse) else json_response(content)


def params_of(request: HttpRequest) -> dict[str, Any]:
    """Return the parameters of the query string and the body. Raise BadRequest."""
    params = form_params(request.GET)
    if request.method in ("GET", "HEAD"):
        return params
    if request.content_type == "application/json":
        return params | json_params(request.body)
    return params | form_params(body_form(request)) | dict(request.FILES.items())


def form_params(form: QueryDict) -> dict[str, Any]:
    """Return the fields of a form: `ids[]` is a list named `ids`, of others the last value
    counts."""
    return {
        name.removesuffix("[]"): form.getlist(name) if name.endswith("[]") else form[name]
        for name in form
    }


def json_params(body: bytes) -> dict[str, Any]:
    """Return the members of a JSON object; none of an empty body. Raise BadRequest."""
    try:
        content = orjson.loads(body or b"{}")
    except ValueError:
        raise BadRequest("This is not JSON.") from None
    if not isinstance(content, dict):
        raise BadRequest("Send a JSON object.")
    return content


def body_form(request: HttpRequest) -> QueryDict:
    """Return the form in the body, of any method: Django reads those of POST alone."""
    if request.method != "POST":
        request.method, method = "POST", request.method
        try:
            request._load_post_and_files()
        finally:
            request.method = method
    return request.POST
