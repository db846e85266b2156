"""The error responses of Django itself: JSON for REST, Mastodon's API and GraphQL, else a page."""

import logging
import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from ublog.core.exceptions import StorageFull, Unavailable, outage_behind
from ublog.core.observability.request_ids import request_id
from ublog.interfaces.http import mastodon

log = logging.getLogger(__name__)


def wants_json(request: HttpRequest) -> bool:
    """Return whether the request is for REST, Mastodon's API or GraphQL."""
    return request.path.startswith("/api/") or is_graphql(request)


def is_graphql(request: HttpRequest) -> bool:
    """Return whether the request is for GraphQL, also without the last slash of its URL."""
    return request.path.startswith("/graphql/") or request.path == "/graphql"


def json_error(request: HttpRequest, status: int, detail: str, **more: str) -> HttpResponse:
    """Return an error as JSON of REST, or of Mastodon's API."""
    if mastodon.is_mastodon(request):
        return mastodon.error_response(status, detail, **more)
    return JsonResponse({"detail": detail, **more}, status=status)


def error_response(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Return an error in the format of the interface. The page needs no database or session."""
    if is_graphql(request):
        code = {403: "FORBIDDEN", 404: "NOT_FOUND"}.get(status, "INVALID")
        error = {"message": detail, "extensions": {"code": code}}
        return JsonResponse({"errors": [error]}, status=status)
    if wants_json(request):
        return json_error(request, status, detail)
    page = {"title": HTTPStatus(status).phrase.capitalize(), "line": detail}
    return HttpResponse(render_to_string("rejected.html", page), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the response to a malformed request (400), or to a too large one (413)."""
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if wants_json(request):
        return error_response(request, 400, "Bad request.")
    return defaults.bad_request(request, exception)


def too_large(request: HttpRequest) -> HttpResponse:
    """Return the response to a body that is too large (413)."""
    if wants_json(request):
        return error_response(request, 413, "This is too large.")
    return HttpResponse(render_to_string("413.html"), status=413)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the response to an action that is not allowed (403)."""
    if wants_json(request):
        return error_response(request, 403, "You do not have permission to perform this action.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Return the response for a URL that does not exist (404)."""
    if wants_json(request):
        return error_response(request, 404, "Not found.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the response to an unexpected error (500), with the id under which it is logged.

    If the database or the storage is the cause, it is a 503 or 507.
    """
    if outage := outage_behind(sys.exception()):
        return service_unavailable(request, outage)
    log.error("Error %s at %s %s", request_id(), request.method, request.path)
    if wants_json(request):
        detail = f"Internal server error. It is logged under {request_id()}."
        return json_error(request, 500, detail, request_id=request_id())
    return HttpResponse(render_to_string("500.html"), status=500)


def service_unavailable(request: HttpRequest, outage: StorageFull | Unavailable) -> HttpResponse:
    """Return 503, or 507 Insufficient Storage (RFC 4918, section 11.5): a temporary failure.

    The page needs no database.
    """
    status = 503 if isinstance(outage, Unavailable) else 507
    if wants_json(request):
        response = json_error(request, status, str(outage), request_id=request_id())
    else:
        page = render_to_string("unavailable.html", {"reason": str(outage)})
        response = HttpResponse(page, status=status)
    if isinstance(outage, Unavailable):
        response["Retry-After"] = str(outage.retry_after)
    return response
