"""Execution of a document, with a short way for fields that are attributes of their object."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from graphene.types.resolver import get_default_resolver
from graphql import (
    ExecutionContext,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLObjectType,
    GraphQLScalarType,
    get_nullable_type,
)
from graphql.pyutils import Path

PlainField = tuple[str, Callable[[Any], Any]]  # the attribute, and how its value is serialized


class PlainFieldContext(ExecutionContext):
    """Executes a document as graphql-core does, and plain fields without its general steps.

    Most values of a list are scalars that no resolver computes. For each, graphql-core collects
    arguments, builds a `GraphQLResolveInfo` and completes the value by its type; see ADR 17 for
    what this costs.
    """

    def execute_field(
        self, parent_type: GraphQLObjectType, source: Any, field_nodes: list[FieldNode], path: Path
    ) -> Any:
        """Return the serialized value of a plain field; leave any other to graphql-core."""
        plain = plain_fields(parent_type).get(field_nodes[0].name.value)
        if plain:
            name, serialize = plain
            value = source.get(name) if isinstance(source, dict) else getattr(source, name, None)
            if value is not None:
                try:
                    return serialize(value)
                except GraphQLError:
                    pass  # graphql-core meets it again, and reports it with its path
        return super().execute_field(parent_type, source, field_nodes, path)


@cache
def plain_fields(parent_type: GraphQLObjectType) -> dict[str, PlainField]:
    """Return the fields of a type that are scalars and have neither arguments nor a resolver."""
    fields = parent_type.fields.items()
    return {name: plain for name, field in fields if (plain := plain_field(field))}


def plain_field(field: GraphQLField) -> PlainField | None:
    """Return the attribute of a field and its serializer; None if the field is not plain."""
    scalar, resolve = get_nullable_type(field.type), field.resolve  # type: ignore[arg-type]
    if field.args or not isinstance(scalar, GraphQLScalarType) or not isinstance(resolve, partial):
        return None
    is_default = resolve.func is get_default_resolver()
    return (resolve.args[0], scalar.serialize) if is_default else None
