"""Malformed requests that only GraphQL can get."""

import json

import pytest

from tests.contract.drivers import GraphQL
from tests.contract.exceptions import Invalid
from tests.pictures import picture

JSON = "application/json"
GARBAGE = {
    "no query": {},
    "an empty query": {"query": ""},
    "no GraphQL": {"query": "SELECT * FROM blog_post"},
    "an unfinished query": {"query": "{ posts {"},
    "an unknown field": {"query": "{ users { email } }"},
    "a field that is private": {"query": "{ posts { edges { node { createdBy { email } } } } }"},
    "a deep query": {"query": "{ posts " + "{ edges " * 2_000},
    "a query that is a number": {"query": 5},
    **{
        f"{name} {value!r}": {"query": "{ __typename }", name: value}
        for name, wrong in {
            "query": (0, False, [], {}, None),
            "variables": ([1], [], 0, False, "", "{}"),
            "operationName": (0, False, [], {}),
            "extensions": ([], 0, False, ""),
        }.items()
        for value in wrong
    },
    "an unknown operation": {"query": "query a { __typename }", "operationName": "b"},
    "two operations": {"query": "query a { __typename } query b { __typename }"},
    "a missing variable": {"query": "query ($id: ID!) { post(id: $id) { id } }"},
    "a batch": [{"query": "{ __typename }"}],
}


@pytest.mark.parametrize("operation", GARBAGE.values(), ids=GARBAGE)
def test_a_malformed_operation_is_a_400(alice, everything, operation):
    graphql, before = GraphQL(alice), everything()
    response = graphql.client.post("/graphql/", operation, JSON, headers=graphql.headers)
    assert response.status_code == 400
    assert json.loads(response.content)["errors"]
    assert everything() == before


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("variables", "[]"),
        ("variables", "0"),
        ("variables", "{"),
        ("extensions", "1"),
        ("query", ""),
    ],
)
def test_a_malformed_part_of_the_url_is_a_400(db, client, name, value):
    response = client.get("/graphql/", {"query": "{ __typename }", name: value})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID"


def test_parts_that_are_null_are_absent(db, client):
    nothing = dict.fromkeys(("variables", "operationName", "extensions"))
    response = client.post("/graphql/", {"query": "{ __typename }"} | nothing, JSON)
    assert response.json() == {"data": {"__typename": "Query"}}


def test_a_hash_in_place_of_a_query_is_an_error_in_the_words_of_its_protocol(db, client):
    persisted = {"persistedQuery": {"version": 1, "sha256Hash": "ab" * 32}}
    by_post = client.post("/graphql/", {"extensions": persisted}, JSON)
    by_get = client.get("/graphql/", {"extensions": json.dumps(persisted)})
    for response in (by_post, by_get):
        assert response.status_code == 200
        [error] = response.json()["errors"]
        assert error["message"] == "PersistedQueryNotSupported"
        assert error["extensions"] == {"code": "PERSISTED_QUERY_NOT_SUPPORTED"}
    operation = {"query": "{ __typename }", "extensions": persisted}
    assert client.post("/graphql/", operation, JSON).json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize("accept", ["*/*", JSON, ""])
def test_an_opened_endpoint_says_what_to_send(db, client, accept):
    response = client.get("/graphql/", headers={"Accept": accept})
    assert response.status_code == 400
    assert "send a `query`" in response.json()["errors"][0]["message"]


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


@pytest.mark.parametrize("field", ["posts", "sessions"])
@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ("first: 0", "first"),
        ('after: "nonsense"', "after"),
        ('last: 101, before: "bzEuMQ"', "last"),
        ('last: 2, before: "nonsense"', "before"),
    ],
)
def test_an_error_names_the_argument_as_it_was_sent(alice, field, arguments, name):
    graphql, query = GraphQL(alice), f"{{ {field}({arguments}) {{ pageInfo {{ endCursor }} }} }}"
    response = graphql.client.post("/graphql/", {"query": query}, JSON, headers=graphql.headers)
    [error] = response.json()["errors"]
    assert error["extensions"] == {"code": "INVALID", "field": name}


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
