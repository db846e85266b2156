"""Django's own error answers, in the shape of the door that was knocked at."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.views import defaults

from ublog.core.refusals import StorageFull, is_storage_full

log = logging.getLogger(__name__)


def speaks_json(request: HttpRequest) -> bool:
    return request.path.startswith(("/api/", "/graphql/"))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    if speaks_json(request):
        return JsonResponse({"detail": "This request makes no sense."}, status=400)
    return defaults.bad_request(request, exception)


def too_large(request: HttpRequest) -> HttpResponse:
    if speaks_json(request):
        return JsonResponse({"detail": "This is too large."}, status=413)
    return HttpResponse(render_to_string("413.html"), status=413)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if speaks_json(request):
        return JsonResponse({"detail": "This is not allowed."}, status=403)
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if speaks_json(request):
        return JsonResponse({"detail": "There is no such address."}, status=404)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """An answer that needs nothing but itself; its id is in the log beside what went wrong."""
    if is_storage_full(sys.exception()):
        return storage_full(request)
    error_id = get_random_string(8)
    log.error("Error %s at %s %s", error_id, request.method, request.path)
    if speaks_json(request):
        detail = f"Something went wrong; it is in the log under {error_id}."
        return JsonResponse({"detail": detail}, status=500)
    return HttpResponse(render_to_string("500.html", {"error_id": error_id}), status=500)


def storage_full(request: HttpRequest) -> HttpResponse:
    """507 Insufficient Storage (RFC 4918, section 11.5): not the caller's fault, nor forever."""
    reason = str(StorageFull())
    if speaks_json(request):
        return JsonResponse({"detail": reason}, status=507)
    context = {"title": "No room left", "lines": [reason]}
    return render(request, "error.html", context, status=507)
