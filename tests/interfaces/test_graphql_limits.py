"""The limits of a GraphQL document, who may send a mutation, and what errors contain."""

import json
import logging
import re
import subprocess
from dataclasses import fields
from unittest.mock import Mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.contract.drivers import GraphQL
from tests.pictures import picture
from tools.frontend import FRONTEND, environment, node
from ublog.blog.models import Post
from ublog.conf import checks
from ublog.interfaces.graphql import limits

LIKE = "likePost(id: 1) { errors { code } }"
POSTS = "{ edges { node { id body createdBy { username } } } }"
EXCESSES = {
    "deep": ("depth", "{ posts { edges { node { createdBy { username } } } } }"),
    "of many aliases": ("aliases", "{" + "".join(f"a{n}: __typename " for n in range(21)) + "}"),
    "of aliases in a fragment": (
        "aliases",
        "{ posts { edges { node {" + "...A " * 3 + "} } } } fragment A on Post { "
        "a: id b: id c: id d: id e: id f: id g: id }",
    ),
    "of many root fields": ("root_fields", "{" + "__typename " * 11 + "}"),
    "costly": ("cost", "{" + "".join(f"a{n}: posts(first: 100) {POSTS}" for n in range(9)) + "}"),
    "costly by its own variables": (
        "cost",
        "query ($n: Int = 100) {" + f"posts(first: $n) {{ ...P {'...P ' * 9} }} }} "
        "fragment P on PostConnection { edges { node { id body likeCount liked canEdit } } }",
    ),
    "of fragments in fragments": (
        "cost",
        "{ post(id: 1) { ...F0 } } "
        + " ".join(f"fragment F{n} on Post {{ ...F{n + 1} ...F{n + 1} }}" for n in range(40))
        + " fragment F40 on Post { id }",
    ),
    "of a negative page": ("cost", f"{{ a: posts(first: -9) {POSTS} }}"),
    "two mutations": ("root_fields", f"mutation {{ {LIKE} b: {LIKE} }}"),
    "two mutations in a fragment": (
        "root_fields",
        f"mutation {{ ...A ...B }} fragment A on Mutation {{ {LIKE} }} "
        f"fragment B on Mutation {{ b: {LIKE} }}",
    ),
}  # fmt: skip
SMALL = {"deep": {"depth": 4}, "of a negative page": {"cost": 500}}


@pytest.fixture(autouse=True)
def forget_documents():
    """Clear the cache of documents: one that passed the limits of a test is checked again."""
    limits.parse_cached.cache_clear()
    limits.check_cached.cache_clear()


@pytest.fixture
def ask(client):
    """Return a function that sends a document as an anonymous user: (status, errors)."""

    def send(query, **variables):
        operation = {"query": query, "variables": variables}
        response = client.post("/graphql/", operation, "application/json")
        return response.status_code, response.json().get("errors", [])

    return send


@pytest.mark.parametrize(("limit", "document"), EXCESSES.values(), ids=EXCESSES)
def test_a_document_that_asks_for_too_much_is_not_executed(db, ask, settings, limit, document):
    settings.GRAPHQL_LIMITS = next(
        (limits for name, limits in SMALL.items() if EXCESSES[name][1] == document), {}
    )
    with CaptureQueriesContext(connection) as captured:
        status, errors = ask(document)
    assert (status, len(captured)) == (400, 0)
    assert limit in {re.search(r"too complex: (\w+)", error["message"])[1] for error in errors}
    assert {error["extensions"]["code"] for error in errors} == {limits.CODE}


FIFTY = (
    "query ($n: Int, $q: String) { a: posts(first: $n, q: $q) {"
    + "...P " * 9
    + """} }
    fragment P on PostConnection { edges { node { id body likeCount liked canEdit } } }"""
)


def cost_of(errors) -> int:
    return int(re.search(r"cost (\d+)", errors[0]["message"])[1])


def test_e4_the_cost_depends_on_the_page_size(db, ask):
    assert ask(FIFTY, n=50) == (200, [])
    assert ask(FIFTY) == (200, [])
    status, errors = ask(FIFTY, n=100)
    assert (status, cost_of(errors)) == (400, 1 + 100 * 9 * 7)
    assert ask(FIFTY, n=-9)[1][0]["message"] == errors[0]["message"]
    assert ask(FIFTY, n=50) == (200, [])


def test_e4_a_search_costs_more_than_a_list(db, ask, settings):
    settings.GRAPHQL_LIMITS = {"cost": limits.SEARCH_COST}
    assert ask("{ posts { edges { cursor } } }") == (200, [])
    assert ask('{ posts(q: "  ") { edges { cursor } } }') == (200, [])
    for document in (
        '{ posts(q: "tea") { edges { cursor } } }',
        'query ($q: String = "tea") { posts(q: $q) { edges { cursor } } }',
    ):
        assert cost_of(ask(document)[1]) == limits.SEARCH_COST + 1 + 20 * 2
    assert ask(FIFTY, n=1, q=" ") == (200, [])
    assert cost_of(ask(FIFTY, n=1, q="tea")[1]) == limits.SEARCH_COST + 1 + 9 * 7


def test_e4_each_alias_of_a_search_is_one_more(db, ask):
    searches = [f'a{n}: posts(q: "tea", first: 1) {{ edges {{ cursor }} }}' for n in range(5)]
    assert ask("{" + " ".join(searches[:4]) + "}") == (200, [])
    with CaptureQueriesContext(connection) as captured:
        status, errors = ask("{" + " ".join(searches) + "}")
    assert (status, cost_of(errors)) == (400, 5 * (limits.SEARCH_COST + 1 + 2))
    assert len(captured) == 0


@pytest.mark.parametrize(
    "document",
    ["{" + "id " * 500 + "}", "#\n" * 501 + "{ me { bio } }"],
    ids=["tokens", "comments"],
)
def test_parsing_stops_at_the_limit_of_tokens_or_comments(db, ask, document):
    status, [error] = ask(document)
    assert (status, error["extensions"]["code"]) == (400, "BAD_QUERY")


def test_an_invalid_page_size_is_an_error_before_any_query(db, ask):
    for first in (101, 10**6, 0, -1):
        with CaptureQueriesContext(connection) as captured:
            _, [error] = ask("query ($n: Int) { posts(first: $n) { edges { cursor } } }", n=first)
        assert error["extensions"]["code"] == "INVALID"
        assert len(captured) == 0


def test_the_limits_are_settings(db, ask, settings):
    document = "{ a: __typename }"
    assert ask(document) == (200, [])
    limits.parse_cached.cache_clear()
    limits.check_cached.cache_clear()
    settings.GRAPHQL_LIMITS = {"aliases": 0}
    assert ask(document)[0] == 400


def test_only_documents_that_pass_are_cached(db, ask):
    for _ in range(3):
        assert ask("{ nothing }")[0] == 400
    assert limits.parse_cached.cache_info().currsize == 0
    for _ in range(3):
        assert ask("{ me { bio } }")[0] == 200
    info = limits.parse_cached.cache_info()
    assert (info.misses, info.currsize) == (3 + 1, 1)
    assert info.maxsize == limits.CACHE_SIZE


def test_c11_too_long_a_document_is_not_even_parsed(db, ask, monkeypatch):
    parsed = Mock(side_effect=limits.parse)
    monkeypatch.setattr(limits, "parse", parsed)
    longest = "{ me { bio } }".ljust(limits.MAX_LENGTH)
    assert ask(longest)[0] == 200
    status, errors = ask(longest + " ")
    assert (status, errors[0]["extensions"]["code"]) == (400, limits.CODE)
    assert parsed.call_count == 1


def test_a_cached_document_is_executed_again_for_each_user(alice, bob, post):
    id = post(alice).pk
    for person in (alice, bob):
        driver = GraphQL(person)
        assert driver.like(id).liked
        assert driver.read(id).can_edit == (person is alice)


def test_graphiql_and_the_app_stay_within_the_limits(db, ask):
    documents_of_the_app = (FRONTEND / "src/api/documents.ts").read_text()
    program = """
        import { getIntrospectionQuery } from 'graphql'
        import * as documents from './src/api/documents.ts'
        import { markNames } from './src/lib/marks.ts'
        const whole = { schemaDescription: true, inputValueDeprecation: true }
        const { setMark, ...rest } = documents
        const marking = markNames.flatMap((mark) => [setMark(mark, true), setMark(mark, false)])
        const all = [...Object.values(rest), ...marking]
        console.log(JSON.stringify([getIntrospectionQuery(whole), ...all]))
    """
    documents = json.loads(run("--input-type=module", "--eval", program))
    # `setMark` makes two documents of each mark.
    assert len(documents) > 1 + documents_of_the_app.count("export const ")
    for document in documents:
        limits.get_document(document)
    status, errors = ask(documents[0])
    assert (status, errors) == (200, [])


def test_batches_are_off(db, client):
    batch = [{"query": "{ __typename }"}] * 2
    response = client.post("/graphql/", batch, "application/json")
    assert response.status_code == 400


# -- Who may send a mutation -----------------------------------------------------------------

PUBLISH = 'mutation { createPost(body: "forged") { post { id } } }'
FORMS = {
    "a plain form": ({"query": PUBLISH}, "application/x-www-form-urlencoded"),
    "text that looks like JSON": (json.dumps({"query": PUBLISH}), "text/plain"),
    "no body, for a query string": ("", "text/plain"),
    "GraphQL itself": (PUBLISH, "application/graphql"),
}


def multipart(query=PUBLISH):
    parts = {"operations": json.dumps({"query": query, "variables": {"image": None}})}
    return parts | {"map": json.dumps({"0": ["variables.image"]}), "0": picture()}


@pytest.mark.parametrize(("body", "content_type"), FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("logged_in", [False, True], ids=["anonymous", "alice"])
def test_no_form_of_another_site_runs_a_mutation(alice, body, content_type, logged_in):
    client = Client(enforce_csrf_checks=True)
    if logged_in:
        client.force_login(alice)
    if isinstance(body, dict):
        body = f"query={PUBLISH}"
    for url in ("/graphql/", f"/graphql/?query={PUBLISH}"):
        response = client.post(url, body, content_type)
        assert response.status_code in (403, 415)
    assert not Post.objects.exists()


@pytest.mark.parametrize("logged_in", [False, True], ids=["anonymous", "alice"])
def test_a_multipart_mutation_needs_a_proof(alice, logged_in):
    client = Client(enforce_csrf_checks=True)
    if logged_in:
        client.force_login(alice)
    response = client.post("/graphql/", multipart())
    assert response.status_code == 403
    assert response.json()["errors"][0]["extensions"]["code"] == "FORBIDDEN"
    assert not Post.objects.exists()


def test_a_session_needs_the_csrf_token_for_json_too(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post("/graphql/", {"query": PUBLISH}, "application/json").status_code == 403
    assert not Post.objects.exists()


def test_a_mutation_by_get_is_a_405(db, client):
    response = client.get("/graphql/", {"query": PUBLISH})
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert response.json()["errors"][0]["extensions"]["code"] == "INVALID"
    assert not Post.objects.exists()
    assert client.get("/graphql/", {"query": "{ __typename }"}).json() == {
        "data": {"__typename": "Query"}
    }


# -- What errors contain ---------------------------------------------------------------------


def test_each_limit_can_be_set():
    names = tuple(field.name for field in fields(limits.Limits))
    assert names == checks.GRAPHQL_LIMITS
    assert checks.graphql_limits("depth=12,cost=8000") == {"depth": 12, "cost": 8000}


def test_an_unexpected_error_has_an_id_that_is_in_the_log(db, ask, monkeypatch, caplog):
    def fail(*_, **__):
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr("ublog.blog.models.PostManager.get_row", fail)
    with caplog.at_level(logging.ERROR):
        status, [error] = ask("{ post(id: 1) { id } }")
    assert status == 500
    assert error["message"] == f"Internal error {error['extensions']['id']}."
    assert error["extensions"]["code"] == "INTERNAL"
    record = caplog.records[0]
    assert error["extensions"]["id"] in record.getMessage()
    assert "hunter2" in str(record.exc_info[1])


def test_every_error_has_a_code(db, ask):
    for document in (
        "{",
        "{ nothing }",
        "{ post(id: 99) { id } }",
        'query { user(username: "?") { bio } }',
    ):
        _, errors = ask(document)
        assert errors
        assert all(error["extensions"]["code"] for error in errors)


# -- GraphQL over HTTP -----------------------------------------------------------------------


def test_the_audits_of_graphql_over_http_have_no_error(transactional_db, live_server):
    """In the audits of graphql-http, an "error" breaks a MUST of the specification."""
    audits = json.loads(run("scripts/graphql-audit.ts", f"{live_server.url}/graphql/"))
    assert len(audits) > 50
    assert [audit for audit in audits if audit["status"] == "error"] == []


def run(*arguments: str) -> str:
    """Run Node in the directory of the front end. Return what it prints."""
    done = subprocess.run(
        [node() / "bin" / "node", *arguments],
        cwd=FRONTEND, env=environment(), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout
