"""What only GraphQL can be asked in a wrong way."""

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
def test_an_operation_that_makes_no_sense_is_refused(alice, everything, operation):
    door, before = GraphQL(alice), everything()
    response = door.client.post("/graphql/", operation, "application/json", headers=door.headers)
    assert response.status_code == 400
    assert json.loads(response.content)["errors"]
    assert everything() == before


def test_an_argument_that_is_null_is_one_that_is_not_given(alice, post):
    given = post(alice)
    nothing = dict.fromkeys(("q", "author", "first", "after", "last", "before"))
    assert GraphQL().follow(nothing).ids == [given.pk]


@pytest.mark.parametrize(
    "window",
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
def test_a_window_that_makes_no_sense_is_refused(alice, rejected, window):
    with rejected(Invalid):
        GraphQL(alice).follow(window)


MAPS = {
    "none": None,
    "malformed": "{",
    "a list": "[]",
    "a place that is none": '{"0": ["query"]}',
    "a file that is none": '{"1": ["variables.image"]}',
    "no list": '{"0": 5}',
    "null": '{"0": null}',
    "too deep": '{"0": ["variables.image.0.1"]}',
}


@pytest.mark.parametrize("places", MAPS.values(), ids=MAPS)
def test_a_map_of_files_that_makes_no_sense_is_refused(alice, everything, places):
    door, before = GraphQL(alice), everything()
    query = 'mutation ($image: Upload) { createPost(body: "a", image: $image) { post { id } } }'
    parts = {"operations": json.dumps({"query": query, "variables": {"image": None}})}
    parts |= {"0": picture()} | ({} if places is None else {"map": places})
    response = door.client.post("/graphql/", parts, headers=door.headers)
    assert response.status_code == 400
    assert json.loads(response.content)["errors"]
    assert everything() == before
