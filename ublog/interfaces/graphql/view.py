"""The view behind `/graphql/`: authentication, parsing of the request, and execution."""

from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from graphql import DocumentNode, ExecutionResult, OperationType, execute_sync, get_operation_ast
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed

from ublog.accounts import scopes
from ublog.accounts.scopes import MissingScope
from ublog.interfaces.auth.authentication import BearerAuthentication
from ublog.interfaces.auth.login import is_our_app
from ublog.interfaces.auth.permissions import insufficient_scope
from ublog.interfaces.graphql import limits
from ublog.interfaces.graphql.errors import cause_of, format_error, set_status
from ublog.interfaces.graphql.execution import PlainFieldContext
from ublog.interfaces.graphql.parts import RequestError, read_parts
from ublog.interfaces.graphql.schema import schema
from ublog.interfaces.graphql.uploads import read_multipart

BEARER = 'Bearer realm="api"'
OPENED = ("GET", "HEAD")  # of a URL: servers send no body for HEAD
CONTENT_TYPES = ("application/json", "text/html")


@csrf_exempt  # `authenticate` enforces CSRF checks wherever a cookie could authenticate
def graphql_view(request: HttpRequest) -> HttpResponse:
    """Execute the operation of a request, and respond with JSON; a browser gets GraphiQL."""
    try:
        authenticate(request)
        if wants_page(request):
            return render(request, "graphql/graphiql.html")
        result = execute_request(request)
    except APIException as error:
        return error_response(error)
    except RequestError as error:
        headers = {"Allow": error.allow} if error.allow else {}
        return json_response({"errors": [format_error(error)]}, error.status, headers)
    return result_response(request, result)


def wants_page(request: HttpRequest) -> bool:
    """Return whether a browser has opened the URL."""
    opened = request.method in OPENED
    return opened and request.get_preferred_type(CONTENT_TYPES) == "text/html"


def execute_request(request: HttpRequest) -> ExecutionResult:
    """Execute the operation that the request asks for. Raise RequestError and APIException."""
    parts = read_parts(request, {} if request.method in OPENED else parse_body(request))
    variables, name = parts.get("variables"), parts.get("operationName")
    try:
        document = limits.get_document(parts["query"], variables)
    except limits.DocumentError as invalid:
        return ExecutionResult(errors=invalid.errors)
    check_method(request, document, name)
    check_scope(request, document, name)
    return execute(document, request, variables, name)


def execute(
    document: DocumentNode, request: HttpRequest, variables: Any, name: str | None
) -> ExecutionResult:
    """Execute the operation of that name, or the only one, of a valid document."""
    return execute_sync(
        schema.graphql_schema,
        document,
        context_value=request,
        variable_values=variables,
        operation_name=name,
        execution_context_class=PlainFieldContext,
    )


def parse_body(request: HttpRequest) -> dict[str, Any]:
    """Return the operation in the body. Raise RequestError."""
    if request.method != "POST":
        raise RequestError("Use GET or POST.", 405, allow="GET, POST")
    try:
        operation = read_body(request)
    except RequestDataTooBig:
        raise RequestError("This is too large.", 413) from None
    except ValueError as error:
        raise RequestError(f"This is not a GraphQL request: {error}") from None
    if not isinstance(operation, dict):
        raise RequestError("Send one operation, as a JSON object.")
    return operation


def read_body(request: HttpRequest) -> Any:
    """Return the parsed body. Raise RequestError for another content type, else ValueError."""
    match request.content_type:
        case "application/json":
            return orjson.loads(request.body)
        case "multipart/form-data":
            return read_multipart(request)
    raise RequestError("Send application/json or multipart/form-data.", 415)


def result_response(request: HttpRequest, result: ExecutionResult) -> HttpResponse:
    """Return the result, with the status that an error of the domain needs."""
    errors, usual = result.errors or [], 200
    content: dict[str, Any] = {"data": result.data}
    if errors:
        content = {"errors": list(map(format_error, errors)), **content}
    if any(not error.path for error in errors):  # of the request, which was not executed
        del content["data"]
        usual = 400
    for error in errors:
        set_status(request, cause_of(error))
    status, retry_after = getattr(request, "error_status", (usual, None))
    headers = {"Retry-After": str(retry_after)} if retry_after else {}
    if status == 401:
        headers["WWW-Authenticate"] = BEARER
    return json_response(content, status, headers)


def json_response(content: Any, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(orjson.dumps(content), "application/json", status, headers=headers)


def authenticate(request: HttpRequest) -> None:
    """Set the request's user: the owner of the bearer token, else of the session.

    A browser sends the session's cookie with requests of any site, and any site can send a form.
    Both need the CSRF token. The form of an anonymous user may have the header of our app instead,
    which a form of another site cannot have. Raise APIException.
    """
    authenticated = BearerAuthentication().authenticate(request)
    if authenticated:
        request.user = authenticated[0]
    elif request.user.is_authenticated or not (is_json(request) or is_our_app(request)):
        SessionAuthentication().enforce_csrf(request)  # type: ignore[arg-type]  # needs no DRF request


def is_json(request: HttpRequest) -> bool:
    """Return whether the body is JSON, which no form can send."""
    return request.content_type == "application/json"


def error_response(error: APIException) -> HttpResponse:
    """Return the response to a request that is not authenticated, or whose token may not do it."""
    code = "UNAUTHENTICATED" if isinstance(error, AuthenticationFailed) else "FORBIDDEN"
    body = {"message": str(error.detail), "extensions": {"code": code}}
    response = json_response({"errors": [body]}, error.status_code)
    challenge = BEARER if error.status_code == 401 else ""
    if challenge := getattr(error, "auth_header", challenge):
        response["WWW-Authenticate"] = challenge
    return response


def check_method(request: HttpRequest, document: DocumentNode, name: str | None) -> None:
    """Raise RequestError for a mutation by GET, which a link on another site could send."""
    operation = get_operation_ast(document, name)
    if request.method in OPENED and operation and operation.operation != OperationType.QUERY:
        raise RequestError("Send a mutation by POST.", 405, allow="POST")


def check_scope(request: HttpRequest, document: DocumentNode, name: str | None) -> None:
    """Raise APIException for a query by the token of a program without the scope `read`.

    `DomainMutation` checks the scope of a mutation.
    """
    operation = get_operation_ast(document, name)
    if operation and operation.operation == OperationType.QUERY:
        try:
            scopes.check(request.user, scopes.READ)
        except MissingScope as error:
            raise insufficient_scope(error) from None
