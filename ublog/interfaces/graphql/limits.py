"""Query complexity and depth limiting: documents are analysed before they are executed.

The cost of a response depends on the document and its variables, so both are limited together.
Clients send the same few documents again and again, so valid ones are cached.
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

from ublog.blog.compiled_reads import MAX_ANCESTORS
from ublog.core.cursors import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from ublog.interfaces.graphql.schema import schema

CACHE_SIZE = 128  # documents; one of 500 tokens takes 0.4 MB
MAX_LENGTH = 20_000  # code points: a longer document has values in place of variables
MAX_ERRORS = 20
CODE = "QUERY_TOO_COMPLEX"
PAGE_ARGUMENTS = ("first", "last")
ANCESTORS_FIELD = "ancestors"
SEARCH_ARGUMENT = "q"
SEARCH_COST = 1_000  # a page is read from an index; a search may read every post


@dataclass(frozen=True)
class Limits:
    """The limits of one document, which `settings.GRAPHQL_LIMITS` overrides.

    GraphiQL's introspection has 183 tokens, the largest document of the app 93. The app's list has
    a depth of 5 and a cost of 441, or 1,441 as a search. Validating 500 equal fields, which is the
    worst case, takes 0.15 s.
    """

    tokens: int = 500
    depth: int = 10  # of nested fields; graphql-core limits introspection itself
    aliases: int = 20
    root_fields: int = 10  # of a query; a mutation has one
    cost: int = 5_000  # values in the response, at most, and SEARCH_COST for each search


Variables = Mapping[str, int | bool] | None  # as `cost_variables` yields them


class DocumentError(Exception):
    """A document that is not executed; `errors` say why."""

    def __init__(self, *errors: GraphQLError) -> None:
        self.errors = list(errors)


def get_document(text: str, variables: Mapping[str, Any] | None = None) -> DocumentNode:
    """Return the parsed document if it is valid and within the limits with these variables.

    Raise DocumentError.
    """
    if len(text) > MAX_LENGTH:
        message = f"A document has at most {MAX_LENGTH} characters. Send texts as variables."
        raise DocumentError(GraphQLError(message, extensions={"code": CODE}))
    check_cached(text, frozenset(cost_variables(variables or {})))
    return parse_cached(text)


def cost_variables(variables: Mapping[str, Any]) -> Iterator[tuple[str, int | bool]]:
    """Yield what can change the cost: the numbers, and True for each text that is not blank."""
    for name, value in variables.items():
        if isinstance(value, int):
            yield name, value
        elif isinstance(value, str) and value.strip():
            yield name, True


@lru_cache(maxsize=2 * CACHE_SIZE)
def check_cached(text: str, variables: frozenset[tuple[str, int | bool]]) -> None:
    """Check the complexity with these variables. Only success is cached. Raise DocumentError."""
    check_complexity(parse_cached(text), dict(variables))


@lru_cache(maxsize=CACHE_SIZE)
def parse_cached(text: str) -> DocumentNode:
    """Return the document if it is valid and, with the best of variables, within the limits.

    Only success is cached. Raise DocumentError.
    """
    limits = Limits(**settings.GRAPHQL_LIMITS)
    try:
        document = parse(text, max_tokens=limits.tokens)
    except GraphQLError as error:
        raise DocumentError(error) from None
    errors = validate(schema.graphql_schema, document, max_errors=MAX_ERRORS)
    if errors:
        raise DocumentError(*errors)
    # Only a valid document can be analysed: its fragments exist and have no cycles.
    check_complexity(document, None)
    return document


def check_complexity(document: DocumentNode, variables: Variables) -> None:
    """Raise DocumentError if the document exceeds a limit."""
    if errors := list(exceeded_limits(document, Limits(**settings.GRAPHQL_LIMITS), variables)):
        raise DocumentError(*errors)


def exceeded_limits(
    document: DocumentNode, limits: Limits, variables: Variables
) -> Iterator[GraphQLError]:
    """Yield an error for each limit that an operation of the document exceeds."""
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            analyzer = ComplexityAnalyzer(document, with_defaults(node, variables))
            is_mutation = node.operation is OperationType.MUTATION
            allowed = replace(limits, root_fields=1) if is_mutation else limits
            for name, value in vars(analyzer.analyze(node.selection_set)).items():
                if value > (limit := getattr(allowed, name)):
                    message = f"The query is too complex: {name} {value}, the limit is {limit}."
                    yield GraphQLError(message, node, extensions={"code": CODE})


def with_defaults(operation: OperationDefinitionNode, variables: Variables) -> Variables:
    """Return the variables, with the operation's defaults for those that were not sent."""
    if variables is None:
        return None
    defaults = {
        each.variable.name.value: value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions
        if each.default_value
    }
    return {**dict(cost_variables(defaults)), **variables}


@dataclass(frozen=True)
class Complexity:
    """The complexity of a selection set, with the fields of its fragments."""

    root_fields: int = 0  # side by side
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
    """Analyses selection sets. Each fragment is analysed once, however often it is spread.

    Without variables (None) the result is the least complexity with any variables.
    """

    def __init__(self, document: DocumentNode, variables: Variables) -> None:
        self.variables = variables
        definitions = document.definitions
        fragments = [node for node in definitions if isinstance(node, FragmentDefinitionNode)]
        self.fragments = {node.name.value: node.selection_set for node in fragments}
        self.analyze_fragment = cache(lambda name: self.analyze(self.fragments[name]))

    def analyze(self, selection_set: SelectionSetNode | None) -> Complexity:
        """Return the complexity of a selection set; None has none."""
        nodes = selection_set.selections if selection_set else ()
        return sum(map(self.analyze_node, nodes), Complexity())

    def analyze_node(self, node: SelectionNode) -> Complexity:
        """Return the complexity of a field or fragment."""
        match node:
            case FragmentSpreadNode():
                return self.analyze_fragment(node.name.value)
            case InlineFragmentNode():
                return self.analyze(node.selection_set)
            case FieldNode():
                return field_complexity(node, self.analyze(node.selection_set), self.variables)
        raise TypeError(node)


def field_complexity(field: FieldNode, inner: Complexity, variables: Variables) -> Complexity:
    """Return the complexity of a field whose selection set has the inner one."""
    is_introspection = field.name.value.startswith("__")
    return Complexity(
        root_fields=1,
        depth=0 if is_introspection else 1 + inner.depth,
        aliases=inner.aliases + bool(field.alias),
        cost=1 + inner_cost(field, inner.cost, variables),
    )


def inner_cost(field: FieldNode, cost: int, variables: Variables) -> int:
    """Return the cost of the selection set, once for each item of a page, and that of a search."""
    if field.name.value == ANCESTORS_FIELD:
        return cost * MAX_ANCESTORS
    if field.name.value not in paged_fields():
        return cost
    values = {argument.name.value: argument.value for argument in field.arguments}
    sizes = [page_size(values[name], variables) for name in PAGE_ARGUMENTS if name in values]
    cost *= max(sizes) if sizes else DEFAULT_PAGE_SIZE
    return cost + SEARCH_COST * is_search(values.get(SEARCH_ARGUMENT), variables)


def page_size(value: ValueNode, variables: Variables) -> int:
    """Return the largest number of items of a page, by the value of `first` or `last`."""
    if isinstance(value, VariableNode):
        if variables is None:
            return 1
        size = variables.get(value.name.value, DEFAULT_PAGE_SIZE)
    else:
        size = int(value.value) if isinstance(value, IntValueNode) else DEFAULT_PAGE_SIZE
    return size if 0 < size < MAX_PAGE_SIZE else MAX_PAGE_SIZE


def is_search(value: ValueNode | None, variables: Variables) -> bool:
    """Return whether the value of the argument is a text to search for."""
    if isinstance(value, VariableNode):
        return value.name.value in (variables or {})
    return isinstance(value, StringValueNode) and bool(value.value.strip())


@cache
def paged_fields() -> set[str]:
    """Return the names of the fields that return pages: those with the argument `first`."""
    types = schema.graphql_schema.type_map.values()
    return {
        name
        for each in types
        for name, field in getattr(each, "fields", {}).items()
        if "first" in getattr(field, "args", ())
    }
