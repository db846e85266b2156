"""The one address of GraphQL: who calls, what they sent, and the answer."""

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
from ublog.interfaces.graphql.errors import cause_of, format_error, note
from ublog.interfaces.graphql.uploads import read_multipart


# Exempt here, since `identify` enforces it wherever a cookie could speak for someone.
@method_decorator(csrf_exempt, name="dispatch")
class GraphQLEndpoint(GraphQLView):
    """graphene-django's view with our authentication, documents, uploads and errors."""

    graphiql_template = "graphql/graphiql.html"
    format_error = staticmethod(format_error)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            identify(request)
        except APIException as error:
            return refused(error)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        if hasattr(request, "refused"):
            response.status_code, retry_after = request.refused
            if retry_after:
                response["Retry-After"] = str(retry_after)
        return response

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        if request.method == "GET":
            return {}
        try:
            operation = self.read(request)
        except RequestDataTooBig:
            raise bad("This is too large.", 413) from None
        except ValueError as mistake:
            raise bad(f"This is not a GraphQL request: {mistake}") from None
        if not isinstance(operation, dict):
            raise bad("Send one operation, as a JSON object.")
        return operation

    def read(self, request: HttpRequest) -> Any:
        match self.get_content_type(request):
            case "application/json":
                return orjson.loads(request.body)
            case "multipart/form-data":
                return read_multipart(request)
        raise bad("Send application/json or multipart/form-data.", 415)

    def execute_graphql_request(
        self, request: HttpRequest, data: Any, query: Any, variables: Any, name: Any, html: Any
    ) -> ExecutionResult:
        """Without the parsing and validating that `documents` does, within limits and once."""
        check_types(query, variables)
        try:
            document = limits.read(query or "", variables)
        except limits.DocumentError as invalid:
            return ExecutionResult(errors=invalid.errors)
        check_method(request, document, name)
        given = {"variable_values": variables, "operation_name": name, "context_value": request}
        result = execute_sync(self.schema.graphql_schema, document, **given)
        for error in result.errors or ():
            note(cause_of(error), request)
        return result


def identify(request: HttpRequest) -> None:
    """Set the request's user: the owner of a bearer token, else of the session.

    A session is a cookie, which a browser sends along whoever asks; so is a plain form possible
    from anywhere. Both need the CSRF token; a stranger's form may have our app's header instead,
    which no form of another site can. Raises APIException.
    """
    known = BearerAuthentication().authenticate(request)
    if known:
        request.user = known[0]
    elif request.user.is_authenticated or not (is_json(request) or is_our_app(request)):
        SessionAuthentication().enforce_csrf(request)  # type: ignore[arg-type]  # needs no more


def is_json(request: HttpRequest) -> bool:
    return request.content_type == "application/json"


def refused(error: APIException) -> HttpResponse:
    code = "UNAUTHENTICATED" if isinstance(error, AuthenticationFailed) else "FORBIDDEN"
    body = {"message": str(error.detail), "extensions": {"code": code}}
    response = JsonResponse({"errors": [body]}, status=error.status_code)
    if error.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    return response


def bad(message: str, status: int = 400) -> HttpError:
    return HttpError(HttpResponse(status=status), message)


def check_method(request: HttpRequest, document: DocumentNode, name: str | None) -> None:
    """Raise HttpError for a mutation by GET, which a link could send."""
    operation = get_operation_ast(document, name)
    if request.method == "GET" and operation and operation.operation != OperationType.QUERY:
        raise HttpError(HttpResponseNotAllowed(["POST"]), "Send a mutation by POST.")


def check_types(query: Any, variables: Any) -> None:
    """Raise HttpError unless these parts of a GraphQL request have their types."""
    if not isinstance(query or "", str):
        raise bad("`query` must be a text.")
    if not isinstance(variables or {}, dict):
        raise bad("`variables` must be an object.")
