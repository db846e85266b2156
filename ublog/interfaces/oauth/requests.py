"""How requests of OAuth clients are read: JSON and forms, CORS, and the errors of the domain.

Nothing here reads a cookie, so scripts of every site may call it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt

from ublog.core.exceptions import RateLimited

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Max-Age": "86400",
    "Cache-Control": "no-store",
}
View = Callable[..., HttpResponse]


def open_to_all_sites(*methods: str) -> Callable[[View], View]:
    """Return the decorator of a view that takes these methods from scripts of every site (CORS)."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def respond(request: HttpRequest) -> HttpResponse:
            response = respond_to(view, methods, request)
            response["Access-Control-Allow-Methods"] = ", ".join(methods)
            for name, value in OPEN.items():
                response.setdefault(name, value)
            return response

        return respond

    return decorate


def respond_to(view: View, methods: tuple[str, ...], request: HttpRequest) -> HttpResponse:
    """Return the view's response, or the error of the request, in the words of RFC 6749."""
    if request.method == "OPTIONS":
        return HttpResponse(status=204)
    if request.method not in methods:
        return HttpResponseNotAllowed([*methods, "OPTIONS"])
    try:
        return view(request)
    except ValidationError as problem:
        return error_response("invalid_request", " ".join(problem.messages))
    except RateLimited as problem:
        response = error_response("temporarily_unavailable", str(problem), status=429)
        response["Retry-After"] = str(problem.retry_after)
        return response


def error_response(error: str, description: str, *, status: int = 400) -> JsonResponse:
    """Return an error as RFC 6749, section 5.2, and RFC 7591, section 3.2.2, have it."""
    return JsonResponse({"error": error, "error_description": description}, status=status)


def json_object(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object in the body. Raise ValidationError for anything else."""
    try:
        content = orjson.loads(request.body)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise ValidationError("Send a JSON object.")
    return content


def form_of_json(request: HttpRequest) -> None:
    """Give a request with JSON the form that django-oauth-toolkit reads. Raise ValidationError.

    RFC 6749 has forms; widespread clients send JSON.
    """
    if request.content_type != "application/json":
        return
    form = QueryDict(mutable=True)
    for name, value in json_object(request).items():
        if not isinstance(value, str | None):
            raise ValidationError(f"{name} must be a text.")
        if value is not None:
            form[name] = value
    request.POST = form  # type: ignore[assignment]
