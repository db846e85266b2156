"""GraphQL documents: parsed, validated and measured before anything is executed.

An answer costs what the document asks for with its variables, so that is what is limited; and a
client sends the same few documents again and again, so those that passed are kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

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
    StringValueNode,
    ValueNode,
    VariableNode,
    parse,
    validate,
    value_from_ast_untyped,
)

from ublog.core.cursors import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from ublog.interfaces.graphql.schema import schema

KEPT = 128  # documents; one of 500 tokens takes 0.4 MB
MAX_LENGTH = 20_000  # code points: a longer one has values in place of variables
MAX_ERRORS = 20
PAGE_ARGUMENTS = ("first", "last")
SEARCH_ARGUMENT = "q"
SEARCH_COST = 1_000  # a page is read from an index; a search may look at every post


@dataclass(frozen=True)
class Limits:
    """The most that one document may ask for; `settings.GRAPHQL_LIMITS` overrules it.

    GraphiQL's introspection has 183 tokens; the app's largest document 93, and its list 5 levels
    and a cost of 441, as a search 1,441. Validating 500 equal fields, the worst there is, takes
    0.15 s.
    """

    tokens: int = 500
    depth: int = 10  # of nested fields; introspection has a limit of its own in graphql-core
    aliases: int = 20
    root_fields: int = 10  # of a query; a mutation has one
    cost: int = 5_000  # values in the answer, at most, and SEARCH_COST for each search


Variables = Mapping[str, int | bool] | None  # as `priced` gives them


class DocumentError(Exception):
    """The document is not executed; `errors` say why."""

    def __init__(self, *errors: GraphQLError) -> None:
        self.errors = list(errors)


def read(text: str, variables: Mapping[str, Any] | None = None) -> DocumentNode:
    """Return the document, fit to be executed with these variables. Raise Refused."""
    if len(text) > MAX_LENGTH:
        message = f"A document has at most {MAX_LENGTH} characters: send texts as variables."
        raise DocumentError(GraphQLError(message, extensions={"code": "TOO_MUCH"}))
    check_kept(text, frozenset(priced(variables or {})))
    return parse_cached(text)


def priced(variables: Mapping[str, Any]) -> Iterator[tuple[str, int | bool]]:
    """Return what of the variables can make a difference: numbers, and whether a text is blank."""
    for name, value in variables.items():
        if isinstance(value, int):
            yield name, value
        elif isinstance(value, str) and value.strip():
            yield name, True


@lru_cache(maxsize=KEPT)
def parse_cached(text: str) -> DocumentNode:
    return parse_and_validate(text)


@lru_cache(maxsize=2 * KEPT)
def check_kept(text: str, asked: frozenset[tuple[str, int | bool]]) -> None:
    check_size(parse_cached(text), dict(asked))


def parse_and_validate(text: str) -> DocumentNode:
    """Return the document, unless it is too large whatever its variables are. Raise Refused."""
    limits = Limits(**settings.GRAPHQL_LIMITS)
    try:
        document = parse(text, max_tokens=limits.tokens)
    except GraphQLError as mistake:
        raise DocumentError(mistake) from None
    errors = validate(schema.graphql_schema, document, max_errors=MAX_ERRORS)
    if errors:
        raise DocumentError(*errors)
    # Only what is valid can be measured: its fragments are there, and not in circles.
    check_size(document, None)
    return document


def check_size(document: DocumentNode, variables: Variables) -> None:
    if errors := list(exceeded_limits(document, Limits(**settings.GRAPHQL_LIMITS), variables)):
        raise DocumentError(*errors)


def exceeded_limits(
    document: DocumentNode, limits: Limits, variables: Variables
) -> Iterator[GraphQLError]:
    """What is too much in any of its operations."""
    for part in document.definitions:
        if isinstance(part, OperationDefinitionNode):
            ruler = ComplexityAnalyzer(document, with_defaults(part, variables))
            mutates = part.operation is OperationType.MUTATION
            allowed = replace(limits, root_fields=1) if mutates else limits
            for name, given in vars(ruler.selection(part.selection_set)).items():
                if given > (most := getattr(allowed, name)):
                    message = f"This asks for too much: {name} {given}, at most {most} is allowed."
                    yield GraphQLError(message, part, extensions={"code": "TOO_MUCH"})


def with_defaults(operation: OperationDefinitionNode, variables: Variables) -> Variables:
    """Return the variables, with the operation's own values for those that were not sent."""
    if variables is None:
        return None
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions
        if each.default_value
    }
    return {**dict(priced(defaults)), **variables}


@dataclass(frozen=True)
class Complexity:
    """How large a selection is when its fragments are put in their places."""

    root_fields: int = 0  # of those measured side by side
    depth: int = 0
    aliases: int = 0
    cost: int = 0

    def __add__(self, other: "Complexity") -> "Complexity":
        return Complexity(
            self.root_fields + other.root_fields,
            max(self.depth, other.depth),
            self.aliases + other.aliases,
            self.cost + other.cost,
        )


class ComplexityAnalyzer:
    """Measures selections. Each fragment is measured once, however often it is spread.

    Without variables (None) it measures what the document asks for at least.
    """

    def __init__(self, document: DocumentNode, variables: Variables) -> None:
        self.variables = variables
        parts = document.definitions
        fragments = [part for part in parts if isinstance(part, FragmentDefinitionNode)]
        self.fragments = {part.name.value: part.selection_set for part in fragments}
        self.fragment = cache(lambda name: self.selection(self.fragments[name]))

    def selection(self, selections: SelectionSetNode | None) -> Complexity:
        return sum(map(self.one, selections.selections if selections else ()), Complexity())

    def one(self, node: SelectionNode) -> Complexity:
        match node:
            case FragmentSpreadNode():
                return self.fragment(node.name.value)
            case InlineFragmentNode():
                return self.selection(node.selection_set)
            case FieldNode():
                return field_complexity(node, self.selection(node.selection_set), self.variables)
        raise TypeError(node)


def field_complexity(field: FieldNode, inside: Complexity, variables: Variables) -> Complexity:
    """The size of a field with that inside."""
    introspects = field.name.value.startswith("__")
    return Complexity(
        root_fields=1,
        depth=0 if introspects else 1 + inside.depth,
        aliases=inside.aliases + bool(field.alias),
        cost=1 + own_cost(field, inside.cost, variables),
    )


def own_cost(field: FieldNode, inside: int, variables: Variables) -> int:
    """Return what is added by what is inside the field, and by its being a search."""
    if field.name.value not in paged_fields():
        return inside
    given = {argument.name.value: argument.value for argument in field.arguments}
    size = [page_size(given[name], variables) for name in PAGE_ARGUMENTS if name in given]
    cost = inside * (max(size) if size else DEFAULT_PAGE_SIZE)
    return cost + SEARCH_COST * is_search(given.get(SEARCH_ARGUMENT), variables)


def page_size(given: ValueNode, variables: Variables) -> int:
    """Return how many times what is inside the page can be in the answer."""
    if isinstance(given, VariableNode):
        if variables is None:
            return 1
        size = variables.get(given.name.value, DEFAULT_PAGE_SIZE)
    else:
        size = int(given.value) if isinstance(given, IntValueNode) else DEFAULT_PAGE_SIZE
    return size if 0 < size < MAX_PAGE_SIZE else MAX_PAGE_SIZE


def is_search(given: ValueNode | None, variables: Variables) -> bool:
    """Return whether the argument is a text to search for."""
    if isinstance(given, VariableNode):
        return given.name.value in (variables or {})
    return isinstance(given, StringValueNode) and bool(given.value.strip())


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
