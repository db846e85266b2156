"""What the OpenAPI document says of tokens and accounts."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework import serializers

from ublog.interfaces.rest.accounts import serializers as shapes
from ublog.interfaces.rest.schema import (
    BAD_FIELDS,
    BAD_TOKEN,
    NOT_FOUND,
    PAGE_PARAMS,
    RATE_LIMITED,
    UNAUTHENTICATED,
    Access,
    Credentials,
    ErrorSerializer,
)

FORBIDDEN = OpenApiResponse(
    ErrorSerializer, "Not JSON, sent from another site, or without the header that is needed."
)
TOLD = OpenApiResponse(ErrorSerializer, "The same whether the address is known here or not.")
DONE = OpenApiResponse(ErrorSerializer, "Done.")
OUR_APP = OpenApiParameter(
    "X-Ublog", str, "header", required=True, enum=["1"], description="What no form can send."
)
REFRESH = OpenApiParameter(
    settings.REFRESH_COOKIE_NAME,
    str,
    "cookie",
    description="The refresh token; `__Host-refresh` on https. HttpOnly, SameSite=Strict.",
)
SETS_COOKIES = (
    "The answer sets the cookies `__Host-refresh` (HttpOnly, SameSite=Strict) and "
    "`__Host-signed_in` (readable, no secret); on plain http their names begin with `ublog_PORT_`."
)


def public(summary: str, request: Any, responses: dict[int, Any], **options: Any) -> Any:
    responses = {**responses, 400: BAD_FIELDS, 403: FORBIDDEN, 429: RATE_LIMITED}
    return extend_schema(summary=summary, request=request, responses=responses, auth=[], **options)


def own(summary: str, request: Any, responses: dict[int, Any], **options: Any) -> Any:
    responses = {**responses, 401: UNAUTHENTICATED, 403: FORBIDDEN}
    if request:
        responses |= {400: BAD_FIELDS, 429: RATE_LIMITED}
    return extend_schema(summary=summary, request=request, responses=responses, **options)


class TokenRequest(Credentials):
    cookies = serializers.BooleanField(
        default=True, help_text="false: an access token alone, and no refresh cookie."
    )


WRONG = OpenApiResponse(ErrorSerializer, "Wrong e-mail or password, or not yet activated.")
OVER = OpenApiResponse(ErrorSerializer, "There is no cookie, or its sign-in is over.")
BUSY = OpenApiResponse(ErrorSerializer, "Refreshed twice just now; nothing is lost, try again.")

token = extend_schema_view(
    post=public(
        "Sign in",
        TokenRequest,
        {200: Access, 401: WRONG},
        description=f"{SETS_COOKIES} With the header `X-Ublog: 1` it signs in on the pages, too.",
        parameters=[OpenApiParameter("X-Ublog", str, "header", description="1: our own app.")],
    )
)
refresh = extend_schema_view(
    post=extend_schema(
        summary="Get a new access token",
        description=f"By the refresh cookie alone. {SETS_COOKIES}",
        parameters=[OUR_APP, REFRESH],
        request=None,
        responses={200: Access, 401: OVER, 403: FORBIDDEN, 409: BUSY},
        auth=[],
    )
)
logout = extend_schema_view(
    post=extend_schema(
        summary="Sign out",
        description="Of the app and of the pages, in this browser; clears the cookies.",
        parameters=[OUR_APP, REFRESH],
        request=None,
        responses={204: None, 403: FORBIDDEN},
        auth=[],
    )
)
register = extend_schema_view(
    post=public(
        "Sign up",
        shapes.Address,
        {202: TOLD},
        description="Sends a link that opens an account; asking again sends it again.",
    )
)
activate = extend_schema_view(
    post=public(
        "Open an account",
        shapes.Activation,
        {200: DONE},
        description="By the token of the link, which works once, for 48 hours.",
    )
)
password_reset = extend_schema_view(
    post=public("Ask for a link to a new password", shapes.Address, {202: TOLD})
)
password_reset_confirm = extend_schema_view(
    post=public("Set a new password by that link", shapes.NewPassword, {200: DONE})
)
email_change_confirm = extend_schema_view(
    post=public("Confirm a new e-mail address", shapes.LinkToken, {200: DONE})
)
password_change = extend_schema_view(
    post=own(
        "Change one's password",
        shapes.PasswordChange,
        {200: Access},
        description=f"Ends every other sign-in. {SETS_COOKIES}",
    )
)
email_change = extend_schema_view(
    post=own("Ask for a new e-mail address", shapes.EmailChange, {202: TOLD})
)
sessions = extend_schema_view(
    get=own(
        "List one's sign-ins, the last begun first",
        None,
        {200: shapes.SessionPage, 400: BAD_FIELDS},
        parameters=PAGE_PARAMS,
        operation_id="auth_sessions_list",
    ),
    delete=own("Sign out everywhere", None, {204: None}, operation_id="auth_sessions_end_all"),
)
session = extend_schema_view(
    delete=own("End a sign-in", None, {204: None, 404: NOT_FOUND}, operation_id="auth_sessions_end")
)
profile = extend_schema_view(
    get=own("Read one's own profile", None, {200: shapes.Self}),
    patch=own("Change one's profile", shapes.ProfileChange, {200: shapes.Self}),
    delete=own("Delete one's account", shapes.Leaving, {204: None}),
)
person = extend_schema_view(
    get=extend_schema(
        summary="Read what is public of a person",
        responses={200: shapes.Person, 401: BAD_TOKEN, 404: NOT_FOUND},
    )
)
