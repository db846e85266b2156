"""Requests that schemathesis generates from the OpenAPI document and the GraphQL schema.

Each gets a response that the document describes, and never an error 500. The requests are the
same each time, so that no test fails by chance. For others, and more of them:

    UBLOG_TEST_EXAMPLES=500 python -m pytest tests/interfaces/test_properties.py
"""

import os
from functools import cache

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.architecture.code import ROOT
from tests.tokens import bearer
from ublog.wsgi import application

EXAMPLES = int(os.environ.get("UBLOG_TEST_EXAMPLES", "0"))
ours = settings(
    max_examples=EXAMPLES or 3,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # shrinking a failure takes minutes
    print_blob=True,
)
AS_DOCUMENTED = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
PATHS = yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())["paths"]
OPERATIONS = [(method, path) for path, methods in PATHS.items() for method in methods]


@cache
def rest():
    return schemathesis.openapi.from_wsgi("/api/schema/?format=json", application)


@cache
def graph():
    return schemathesis.graphql.from_wsgi("/graphql/", application)


@pytest.fixture(autouse=True)
def one_connection():
    """Keep the connection at the end of a request: closing it would end the test's transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def headers(alice, post):
    """Return headers for Alice (True) and for an anonymous user (False). Alice has the post 1."""
    # The next id of the database's sequence may be 1: use it up first.
    if post(alice).pk != 1:
        post(alice, id=1)
    plain = {"Accept-Encoding": "identity"}  # the test client does not decompress a response
    return {True: bearer(alice) | plain, False: plain}


@pytest.mark.usefixtures("no_limits")
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_rest_responds_as_documented(headers, method, path):
    @ours
    @given(rest()[path][method].as_strategy(), st.booleans(), st.booleans())
    def check(case, logged_in, exists):
        if exists and "id" in case.path_parameters:
            case.path_parameters["id"] = 1
        response = case.call(headers=headers[logged_in])
        case.validate_response(response, checks=AS_DOCUMENTED)

    check()


QUERIES = ["post", "posts", "user", "me"]
MUTATIONS = ["createPost", "updatePost", "likePost"]
FIELDS = [("Query", name) for name in QUERIES] + [("Mutation", name) for name in MUTATIONS]


@pytest.mark.usefixtures("no_limits")
@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_graphql_responds_as_its_schema_allows(headers, kind, field):
    """The result is data, or errors with a code other than INTERNAL."""

    @ours
    @given(graph()[kind][field].as_strategy(), st.booleans())
    def check(case, logged_in):
        response = case.call(headers=headers[logged_in])
        assert response.status_code in (200, 400)
        result = response.json()
        assert set(result) <= {"data", "errors"}
        codes = {error["extensions"]["code"] for error in result.get("errors", ())}
        assert "INTERNAL" not in codes
        assert codes or result["data"] is not None

    check()
