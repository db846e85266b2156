"""Django's own error answers, in the shape of the door that was knocked at."""

import logging
import sys
from http import HTTPStatus

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views import defaults

from ublog.core.exceptions import StorageFull, Unavailable, outage_behind
from ublog.core.observability.request_ids import request_id

log = logging.getLogger(__name__)


def wants_json(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/graphql/"))


def error_response(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Return the error in the shape of the interface; the page needs nothing but itself."""
    if request.path.startswith("/graphql/"):
        code = {403: "FORBIDDEN", 404: "NOT_FOUND"}.get(status, "INVALID")
        error = {"message": detail, "extensions": {"code": code}}
        return JsonResponse({"errors": [error]}, status=status)
    if wants_json(request):
        return JsonResponse({"detail": detail}, status=status)
    page = {"title": HTTPStatus(status).phrase.capitalize(), "line": detail}
    return HttpResponse(render_to_string("rejected.html", page), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if wants_json(request):
        return error_response(request, 400, "This request makes no sense.")
    return defaults.bad_request(request, exception)


def too_large(request: HttpRequest) -> HttpResponse:
    if wants_json(request):
        return error_response(request, 413, "This is too large.")
    return HttpResponse(render_to_string("413.html"), status=413)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_json(request):
        return error_response(request, 403, "This is not allowed.")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if wants_json(request):
        return error_response(request, 404, "There is no such address.")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """An answer that needs nothing but itself; its id is in the log beside what went wrong."""
    if outage := outage_behind(sys.exception()):
        return service_unavailable(request, outage)
    log.error("Error %s at %s %s", request_id(), request.method, request.path)
    if wants_json(request):
        detail = f"Something went wrong; it is in the log under {request_id()}."
        return JsonResponse({"detail": detail, "request_id": request_id()}, status=500)
    return HttpResponse(render_to_string("500.html"), status=500)


def service_unavailable(request: HttpRequest, outage: StorageFull | Unavailable) -> HttpResponse:
    """503, or 507 Insufficient Storage (RFC 4918, section 11.5): not the caller's fault, nor
    forever. The page needs no database."""
    status = 503 if isinstance(outage, Unavailable) else 507
    if wants_json(request):
        response: HttpResponse = JsonResponse(
            {"detail": str(outage), "request_id": request_id()}, status=status
        )
    else:
        page = render_to_string("unavailable.html", {"reason": str(outage)})
        response = HttpResponse(page, status=status)
    if isinstance(outage, Unavailable):
        response["Retry-After"] = str(outage.retry_after)
    return response
