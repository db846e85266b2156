"""File uploads in GraphQL: https://github.com/jaydenseric/graphql-multipart-request-spec."""

from typing import Any

import graphene
import orjson
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from graphql import GraphQLError

WRONG_MAP = "`map` must name a file for `variables.NAME`, and each file."


class Upload(graphene.Scalar):
    """A file, sent as the GraphQL multipart request specification says."""

    @staticmethod
    def parse_value(value: Any) -> "UploadedFile[bytes]":
        """Return the file of a variable. Raise GraphQLError for anything else."""
        if not isinstance(value, UploadedFile):
            raise GraphQLError("Send a file as the GraphQL multipart request specification says.")
        return value

    @staticmethod
    def parse_literal(node: Any, _variables: Any = None) -> "UploadedFile[bytes]":
        """Raise GraphQLError: only a variable can be a file."""
        raise GraphQLError("A file cannot be part of a document. Use a variable.")


def read_multipart(request: HttpRequest) -> dict[str, Any]:
    """Return the operation of a multipart request, with its files as values of the variables.

    Raise ValueError with a message if the request does not follow the specification.
    """
    operation = orjson.loads(request.POST.get("operations", ""))
    file_map = orjson.loads(request.POST.get("map", ""))
    if not isinstance(operation, dict) or not isinstance(file_map, dict):
        raise ValueError("`operations` and `map` must be JSON objects.")
    for name, paths in file_map.items():
        for path in paths if isinstance(paths, list) else [None]:
            set_file(operation, str(path), request.FILES.get(name))
    if any(not file_map.get(name) for name in request.FILES):
        raise ValueError(WRONG_MAP)
    return operation


def set_file(operation: dict[str, Any], path: str, file: "UploadedFile[bytes] | None") -> None:
    """Set `variables.NAME` to a file. No argument of the schema is nested deeper.

    Raise ValueError for another path, and if there is no such file or variable.
    """
    start, _, name = path.partition(".")
    variables = operation.get("variables")
    known = variables if start == "variables" and isinstance(variables, dict) else {}
    if file is None or name not in known:
        raise ValueError(WRONG_MAP)
    known[name] = file
