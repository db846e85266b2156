"""GraphQL documents: parsed, validated and measured before anything is executed.

An answer costs what the document asks for, so that is what is limited; and a client sends the
same few documents again and again, with other variables, so those that passed are kept.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from django.conf import settings
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    parse,
    validate,
)

from ublog.core.cursors import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from ublog.interfaces.graphql.schema import schema

KEPT = 128  # documents; one of 500 tokens takes 0.4 MB
MAX_LENGTH = 20_000  # code points: a longer one has values in place of variables
MAX_ERRORS = 20
PAGE_ARGUMENTS = ("first", "last")


@dataclass(frozen=True)
class Limits:
    """The most that one document may ask for; `settings.GRAPHQL_LIMITS` overrules it.

    GraphiQL's introspection has 183 tokens; the app's largest document 93, and its list 5 levels
    and a cost of 2,201. Validating 500 equal fields, the worst there is, takes 0.15 s.
    """

    tokens: int = 500
    depth: int = 10  # of nested fields; introspection has a limit of its own in graphql-core
    aliases: int = 20
    root_fields: int = 10  # of a query; a mutation has one
    cost: int = 5_000  # values in the answer, at most


class Refused(Exception):
    """The document is not executed; `errors` say why."""

    def __init__(self, *errors: GraphQLError) -> None:
        self.errors = list(errors)


def read(text: str) -> DocumentNode:
    """The document, fit to be executed. Raises Refused."""
    if len(text) > MAX_LENGTH:
        message = f"A document has at most {MAX_LENGTH} characters: send texts as variables."
        raise Refused(GraphQLError(message, extensions={"code": "TOO_MUCH"}))
    return kept(text)


@lru_cache(maxsize=KEPT)
def kept(text: str) -> DocumentNode:
    return checked(text)


def checked(text: str) -> DocumentNode:
    limits = Limits(**settings.GRAPHQL_LIMITS)
    try:
        document = parse(text, max_tokens=limits.tokens)
    except GraphQLError as mistake:
        raise Refused(mistake) from None
    errors = validate(schema.graphql_schema, document, max_errors=MAX_ERRORS)
    # Only what is valid can be measured: its fragments are there, and not in circles.
    errors = errors or list(excesses(document, limits))
    if errors:
        raise Refused(*errors)
    return document


def excesses(document: DocumentNode, limits: Limits) -> Iterator[GraphQLError]:
    """What is too much in any of its operations."""
    ruler = Ruler(document)
    for part in document.definitions:
        if isinstance(part, OperationDefinitionNode):
            mutates = part.operation is OperationType.MUTATION
            allowed = replace(limits, root_fields=1) if mutates else limits
            for name, given in vars(ruler.selection(part.selection_set)).items():
                if given > (most := getattr(allowed, name)):
                    message = f"This asks for too much: {name} {given}, at most {most} is allowed."
                    yield GraphQLError(message, part, extensions={"code": "TOO_MUCH"})


@dataclass(frozen=True)
class Size:
    """How large a selection is when its fragments are put in their places."""

    root_fields: int = 0  # of those measured side by side
    depth: int = 0
    aliases: int = 0
    cost: int = 0

    def __add__(self, other: "Size") -> "Size":
        return Size(
            self.root_fields + other.root_fields,
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.cost + other.cost,
        )


class Ruler:
    """Measures selections. Each fragment is measured once, however often it is spread."""

    def __init__(self, document: DocumentNode) -> None:
        parts = document.definitions
        fragments = [part for part in parts if isinstance(part, FragmentDefinitionNode)]
        self.fragments = {part.name.value: part.selection_set for part in fragments}
        self.fragment = cache(lambda name: self.selection(self.fragments[name]))

    def selection(self, selections: SelectionSetNode | None) -> Size:
        return sum(map(self.one, selections.selections if selections else ()), Size())

    def one(self, node: SelectionNode) -> Size:
        match node:
            case FragmentSpreadNode():
                return self.fragment(node.name.value)
            case InlineFragmentNode():
                return self.selection(node.selection_set)
            case FieldNode():
                return around(node, self.selection(node.selection_set))
        raise TypeError(node)


def around(field: FieldNode, inside: Size) -> Size:
    """The size of a field with that inside."""
    introspects = field.name.value.startswith("__")
    return Size(
        root_fields=1,
        depth=0 if introspects else 1 + inside.depth,
        aliases=inside.aliases + bool(field.alias),
        cost=1 + page_size(field) * inside.cost,
    )


def page_size(field: FieldNode) -> int:
    """How many times what is inside the field can be in the answer. A variable may be anything."""
    if field.name.value not in paged_fields():
        return 1
    for argument in field.arguments:
        if argument.name.value in PAGE_ARGUMENTS:
            given = argument.value
            size = int(given.value) if isinstance(given, IntValueNode) else MAX_PAGE_SIZE
            return size if 0 < size < MAX_PAGE_SIZE else MAX_PAGE_SIZE
    return DEFAULT_PAGE_SIZE


@cache
def paged_fields() -> set[str]:
    """The fields of the schema that answer in pages: those that are told how large one is."""
    types = schema.graphql_schema.type_map.values()
    return {
        name
        for one in types
        for name, field in getattr(one, "fields", {}).items()
        if "first" in getattr(field, "args", ())
    }
