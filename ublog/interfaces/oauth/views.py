"""The URLs of OAuth for programs: register, get, refresh and revoke tokens, and what there is."""

import logging
import time
from typing import Any

import orjson
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from oauth2_provider.views import RevokeTokenView, TokenView

from ublog.accounts.oauth import actions
from ublog.accounts.oauth.mastodon_scopes import OF_APPLICATIONS
from ublog.core import limits
from ublog.core.observability.masking import one_line
from ublog.interfaces.oauth.requests import (
    error_response,
    form_of_json,
    json_object,
    open_to_all_sites,
)

log = logging.getLogger(__name__)
GRANT_TYPES = ("authorization_code", "refresh_token", "client_credentials")
AUTHENTICATION = ["client_secret_basic", "client_secret_post", "none"]
library_token, library_revoke = TokenView.as_view(), RevokeTokenView.as_view()


ENDPOINTS = {"authorization": "authorize", "token": "token", "revocation": "revoke"}
ENDPOINTS |= {"registration": "register"}
OF_MASTODON = {"app_registration_endpoint": f"{settings.SITE_URL}/api/v1/apps"}
METADATA = {
    "issuer": settings.SITE_URL,
    **{f"{name}_endpoint": f"{settings.SITE_URL}/oauth/{at}" for name, at in ENDPOINTS.items()},
    "scopes_supported": list(OF_APPLICATIONS),
    "response_types_supported": ["code"],
    "response_modes_supported": ["query"],
    "grant_types_supported": list(GRANT_TYPES),
    "token_endpoint_auth_methods_supported": AUTHENTICATION,
    "revocation_endpoint_auth_methods_supported": AUTHENTICATION,
    "code_challenge_methods_supported": ["S256"],
    "authorization_response_iss_parameter_supported": True,
    **(OF_MASTODON if settings.MASTODON else {}),
    "service_documentation": f"{settings.SITE_URL}/api/docs/",
}


@open_to_all_sites("GET", "HEAD")
def metadata(request: HttpRequest) -> HttpResponse:
    """Describe this server: RFC 8414."""
    return JsonResponse(METADATA)


@open_to_all_sites("POST")
def register(request: HttpRequest) -> HttpResponse:
    """Register an application: RFC 7591."""
    try:
        made = actions.register(**registration(json_object(request)))
    except ValidationError as problem:
        fields = getattr(problem, "error_dict", {})
        error = "invalid_redirect_uri" if "redirect_uris" in fields else "invalid_client_metadata"
        return error_response(error, " ".join(problem.messages))
    return JsonResponse(registered(made), status=201)


def registration(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of `actions.register`. Raise ValidationError for other types."""
    method = sent.get("token_endpoint_auth_method", AUTHENTICATION[0])
    texts = {name: sent.get(name, "") for name in ("client_name", "scope")}
    uris = sent.get("redirect_uris", [])
    if method not in AUTHENTICATION:
        raise ValidationError(f"token_endpoint_auth_method: one of {', '.join(AUTHENTICATION)}.")
    if not all(isinstance(text, str) for text in texts.values()):
        raise ValidationError("client_name and scope must be texts.")
    if not (isinstance(uris, list) and all(isinstance(uri, str) for uri in uris)):
        raise ValidationError({"redirect_uris": ["Send a list of texts."]})
    name, scope = texts.values()
    return {"name": name, "scope": scope, "redirect_uris": uris, "has_secret": method != "none"}


def registered(made: actions.NewApplication) -> dict[str, Any]:
    """Return what the client has to know: RFC 7591, section 3.2.1."""
    application = made.application
    secret = {"client_secret": made.secret, "client_secret_expires_at": 0} if made.secret else {}
    return {
        "client_id": application.client_id,
        "client_id_issued_at": round(application.created.timestamp()),
        "client_name": application.name,
        "redirect_uris": application.redirect_uris.split(),
        "scope": application.scopes,
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": AUTHENTICATION[0] if made.secret else "none",
        **secret,
    }


@open_to_all_sites("POST")
def token(request: HttpRequest) -> HttpResponse:
    """Return tokens for a code, a refresh token, or the application itself: RFC 6749.

    The request is a form or JSON."""
    limits.spend("oauth_token")
    form_of_json(request)
    if request.POST.get("grant_type") not in GRANT_TYPES:
        message = f"The grant_type must be one of: {', '.join(GRANT_TYPES)}."
        return error_response("unsupported_grant_type", message)
    response: HttpResponse = library_token(request)
    if response.status_code != 200:
        log_rejected(request, response)
        return response
    content = {**orjson.loads(response.content), "created_at": int(time.time())}
    return JsonResponse(content)


@open_to_all_sites("POST")
def revoke(request: HttpRequest) -> HttpResponse:
    """End a token: RFC 7009. The response is a JSON object, which some clients wait for."""
    limits.spend("oauth_token")
    form_of_json(request)
    response: HttpResponse = library_revoke(request)
    if response.status_code != 200:
        log_rejected(request, response)
        return response
    return JsonResponse({})


def log_rejected(request: HttpRequest, response: HttpResponse) -> None:
    """Log an error of a client, without its secrets."""
    client = one_line(request.POST.get("client_id", ""))[:100]
    error = one_line(response.content.decode())[:200]
    log.warning("OAuth client %s: %s with %s", client, request.path, error)
