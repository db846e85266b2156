"""Malformed requests that only GraphQL can get."""

import json

import pytest

from tests.contract.drivers import GraphQL
from tests.contract.exceptions import Invalid
from tests.pictures import picture

GARBAGE = {
    "no query": {},
    "an empty query": {"query": ""},
    "no GraphQL": {"query": "SELECT * FROM blog_post"},
    "an unfinished query": {"query": "{ posts {"},
    "an unknown field": {"query": "{ users { email } }"},
    "a field that is private": {"query": "{ posts { edges { node { createdBy { email } } } } }"},
    "a deep query": {"query": "{ posts " + "{ edges " * 2_000},
    "a query that is a number": {"query": 5},
    "variables that are a list": {"query": "{ __typename }", "variables": [1]},
    "an unknown operation": {"query": "query a { __typename }", "operationName": "b"},
    "two operations": {"query": "query a { __typename } query b { __typename }"},
    "a missing variable": {"query": "query ($id: ID!) { post(id: $id) { id } }"},
    "a batch": [{"query": "{ __typename }"}],
}


@pytest.mark.parametrize("operation", GARBAGE.values(), ids=GARBAGE)
def test_a_malformed_operation_is_a_400(alice, everything, operation):
    graphql, before = GraphQL(alice), everything()
    response = graphql.client.post(
        "/graphql/", operation, "application/json", headers=graphql.headers
    )
    assert response.status_code == 400
    assert json.loads(response.content)["errors"]
    assert everything() == before


def test_a_null_argument_is_the_same_as_none(alice, post):
    published = post(alice)
    nothing = dict.fromkeys(("q", "author", "first", "after", "last", "before"))
    assert GraphQL().follow(nothing).ids == [published.pk]


@pytest.mark.parametrize(
    "arguments",
    [
        {"first": 2, "last": 2},
        {"last": 2},
        {"first": 2, "before": "bzEuMQ"},
        {"last": 2, "after": "bzEuMQ"},
        {"last": 0, "before": "bzEuMQ"},
        {"last": 101, "before": "bzEuMQ"},
        {"last": 2, "before": "nonsense"},
    ],
    ids=str,
)
def test_invalid_pagination_arguments_are_an_error(alice, rejected, arguments):
    with rejected(Invalid):
        GraphQL(alice).follow(arguments)


MAPS = {
    "none": None,
    "malformed": "{",
    "a list": "[]",
    "no variable": '{"0": ["query"]}',
    "no such file": '{"1": ["variables.image"]}',
    "no list": '{"0": 5}',
    "null": '{"0": null}',
    "too deep": '{"0": ["variables.image.0.1"]}',
}


@pytest.mark.parametrize("places", MAPS.values(), ids=MAPS)
def test_a_malformed_map_of_files_is_a_400(alice, everything, places):
    graphql, before = GraphQL(alice), everything()
    query = 'mutation ($image: Upload) { createPost(body: "a", image: $image) { post { id } } }'
    parts = {"operations": json.dumps({"query": query, "variables": {"image": None}})}
    parts |= {"0": picture()} | ({} if places is None else {"map": places})
    response = graphql.client.post("/graphql/", parts, headers=graphql.headers)
    assert response.status_code == 400
    assert json.loads(response.content)["errors"]
    assert everything() == before
