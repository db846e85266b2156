"""Plain fields are executed in a short way of our own; the responses are those of graphql-core."""

from types import SimpleNamespace

import graphene
import pytest
from graphql import ExecutionContext, execute_sync, parse

from tests.contract.drivers import GraphQL
from tests.pictures import picture
from ublog.interfaces.graphql import view
from ublog.interfaces.graphql.execution import PlainFieldContext, plain_fields
from ublog.interfaces.graphql.schema import schema

LIST = """{ posts(first: 2) {
  edges { cursor node { __typename key: id body image { url width alt } createdBy { username }
    createdOn edited likeCount liked canEdit } }
  pageInfo { hasNextPage startCursor endCursor }
} }"""


def test_a_list_is_the_same_as_without_the_short_way(alice, post, monkeypatch):
    post(None)
    GraphQL(alice).publish("Look", picture())

    def posts():
        return GraphQL(alice).client.post("/graphql/", {"query": LIST}, "application/json").json()

    short = posts()
    monkeypatch.setattr(view, "PlainFieldContext", ExecutionContext)
    assert short == posts()
    newest, oldest = (edge["node"] for edge in short["data"]["posts"]["edges"])
    assert newest["image"]
    assert not oldest["image"]


def test_only_scalars_that_nothing_computes_are_plain():
    post = plain_fields(schema.graphql_schema.type_map["Post"])
    assert post.keys() >= {"id", "body", "createdOn", "likeCount", "liked"}
    assert post.keys().isdisjoint({"canEdit", "createdBy", "image"})  # a resolver, and objects
    assert post["createdOn"][0] == "created_on"
    assert not plain_fields(schema.graphql_schema.type_map["Query"])


class Sized(graphene.ObjectType):
    needed = graphene.Int(required=True)
    size = graphene.Int()


class Sizes(graphene.ObjectType):
    sized = graphene.Field(Sized)


@pytest.mark.parametrize("value", [7, None, "no number", 2**40])
def test_a_value_that_does_not_fit_is_the_same_error(value):
    document, sizes = parse("{ sized { needed size } }"), graphene.Schema(query=Sizes)
    responses = [
        execute_sync(
            sizes.graphql_schema,
            document,
            {"sized": SimpleNamespace(needed=1, size=value) if fits else {"needed": value}},
            execution_context_class=context,
        ).formatted
        for context in (ExecutionContext, PlainFieldContext)
        for fits in (True, False)
    ]
    assert responses[:2] == responses[2:]
