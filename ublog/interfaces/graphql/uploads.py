"""Files in GraphQL: https://github.com/jaydenseric/graphql-multipart-request-spec."""

from typing import Any

import graphene
import orjson
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from graphql import GraphQLError


class Upload(graphene.Scalar):
    """A file, sent by the GraphQL multipart request specification."""

    @staticmethod
    def parse_value(value: Any) -> "UploadedFile[bytes]":
        if not isinstance(value, UploadedFile):
            raise GraphQLError("Send a file by the GraphQL multipart request specification.")
        return value

    @staticmethod
    def parse_literal(node: Any, _variables: Any = None) -> "UploadedFile[bytes]":
        raise GraphQLError("A file cannot be written into a query: use a variable.")


def read_multipart(request: HttpRequest) -> dict[str, Any]:
    """The operation of a multipart request, its files put in their places.

    Raises ValueError with a message when the request does not follow the specification.
    """
    operation = orjson.loads(request.POST.get("operations", ""))
    places = orjson.loads(request.POST.get("map", ""))
    if not isinstance(operation, dict) or not isinstance(places, dict):
        raise ValueError("`operations` and `map` must be JSON objects.")
    for name, paths in places.items():
        for path in paths if isinstance(paths, list) else [None]:
            put(operation, str(path).split("."), request.FILES.get(name))
    return operation


def put(operation: dict[str, Any], path: list[str], file: "UploadedFile[bytes] | None") -> None:
    """Put a file at `variables.NAME`: no argument of ours lies deeper."""
    variables = operation.get("variables")
    if len(path) != 2 or path[0] != "variables" or not isinstance(variables, dict) or file is None:
        raise ValueError("`map` must name a file for `variables.NAME`.")
    variables[path[1]] = file
