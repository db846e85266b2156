"""The view behind `/graphql/`: authentication, parsing of the request, and execution."""

from collections.abc import Callable
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
)
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from graphene_django.views import GraphQLView, HttpError
from graphql import DocumentNode, ExecutionResult, OperationType, execute_sync, get_operation_ast
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, AuthenticationFailed

from ublog.interfaces.auth.authentication import BearerAuthentication
from ublog.interfaces.auth.login import is_our_app
from ublog.interfaces.graphql import limits
from ublog.interfaces.graphql.errors import cause_of, format_error, set_status
from ublog.interfaces.graphql.execution import PlainFieldContext
from ublog.interfaces.graphql.parts import RequestError, read_parts
from ublog.interfaces.graphql.uploads import read_multipart


def head_as_get(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Let a view that knows no HEAD respond as to GET. Servers send no body."""

    def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        method = request.method
        request.method = "GET" if method == "HEAD" else method
        try:
            return view(request, *args, **kwargs)
        finally:
            request.method = method

    return respond


# Exempt, since `authenticate` enforces CSRF checks wherever a cookie could authenticate.
@method_decorator([csrf_exempt, head_as_get], name="dispatch")
class BlogGraphQLView(GraphQLView):
    """graphene-django's view with other authentication, limits, uploads and errors."""

    graphiql_template = "graphql/graphiql.html"
    format_error = staticmethod(format_error)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Authenticate the request, and set the status that an error of the domain needs."""
        try:
            authenticate(request)
        except APIException as error:
            return error_response(error)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if hasattr(request, "error_status"):
            response.status_code, retry_after = request.error_status
            if retry_after:
                response["Retry-After"] = str(retry_after)
        return response

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the operation in the body, {} for GET. Raise HttpError."""
        if request.method == "GET":
            return {}
        try:
            operation = self.read_body(request)
        except RequestDataTooBig:
            raise RequestError("This is too large.", 413) from None
        except ValueError as error:
            raise RequestError(f"This is not a GraphQL request: {error}") from None
        if not isinstance(operation, dict):
            raise RequestError("Send one operation, as a JSON object.")
        return operation

    def read_body(self, request: HttpRequest) -> Any:
        """Return the parsed body. Raise HttpError for another content type, else ValueError."""
        match self.get_content_type(request):
            case "application/json":
                return orjson.loads(request.body)
            case "multipart/form-data":
                return read_multipart(request)
        raise RequestError("Send application/json or multipart/form-data.", 415)

    @staticmethod
    def get_graphql_params(request: HttpRequest, data: dict[str, Any]) -> tuple[Any, ...]:
        """Return the query, the variables, the name of the operation, and the id of a batch."""
        parts = read_parts(request, data)
        return parts["query"], parts.get("variables"), parts.get("operationName"), None

    def execute_graphql_request(
        self, request: HttpRequest, data: Any, query: Any, variables: Any, name: Any, html: Any
    ) -> ExecutionResult:
        """Execute a document that `limits` has parsed and validated, unlike the base class."""
        try:
            document = limits.get_document(query, variables)
        except limits.DocumentError as invalid:
            return ExecutionResult(errors=invalid.errors)
        check_method(request, document, name)
        result = self.execute(document, request, variables, name)
        for error in result.errors or ():
            set_status(request, cause_of(error))
        return result

    def execute(
        self, document: DocumentNode, request: HttpRequest, variables: Any, name: str | None
    ) -> ExecutionResult:
        """Execute the operation of that name, or the only one, of a valid document."""
        return execute_sync(
            self.schema.graphql_schema,
            document,
            context_value=request,
            variable_values=variables,
            operation_name=name,
            execution_context_class=PlainFieldContext,
        )


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
    """Return the response to a request that is not authenticated."""
    code = "UNAUTHENTICATED" if isinstance(error, AuthenticationFailed) else "FORBIDDEN"
    body = {"message": str(error.detail), "extensions": {"code": code}}
    response = JsonResponse({"errors": [body]}, status=error.status_code)
    if error.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def check_method(request: HttpRequest, document: DocumentNode, name: str | None) -> None:
    """Raise HttpError for a mutation by GET, which a link on another site could send."""
    operation = get_operation_ast(document, name)
    if request.method == "GET" and operation and operation.operation != OperationType.QUERY:
        raise HttpError(HttpResponseNotAllowed(["POST"]), "Send a mutation by POST.")
