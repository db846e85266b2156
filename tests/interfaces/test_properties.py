"""What schemathesis makes up from our own documents: whatever follows the OpenAPI document or the
GraphQL schema gets an answer that the document foresees, and never an error of ours.

The same requests each time, so that it cannot fail by chance. For others, and more of them:

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
    phases=[Phase.generate],  # to shrink a failure takes minutes
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
    """A request that ends closes its connection, and with it the test's own transaction."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def headers(alice, post):
    """Of Alice, who has a post for the ids that are made up, and of a stranger."""
    # The database's own next id may be 1, and it gives each once: so it is asked first.
    if post(alice).pk != 1:
        post(alice, id=1)
    return {True: bearer(alice), False: {}}


@pytest.mark.usefixtures("no_limits")
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_rest_answers_as_documented(headers, method, path):
    @ours
    @given(rest()[path][method].as_strategy(), st.booleans(), st.booleans())
    def check(case, signed_in, there):
        if there and "id" in case.path_parameters:
            case.path_parameters["id"] = 1
        answer = case.call(headers=headers[signed_in])
        case.validate_response(answer, checks=AS_DOCUMENTED)

    check()


QUERIES = ["post", "posts", "user", "me"]
MUTATIONS = ["createPost", "updatePost", "likePost"]
FIELDS = [("Query", name) for name in QUERIES] + [("Mutation", name) for name in MUTATIONS]


@pytest.mark.usefixtures("no_limits")
@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_graphql_answers_what_its_schema_allows(headers, kind, field):
    """With data, or with errors that have a code which is not that of an error of ours."""

    @ours
    @given(graph()[kind][field].as_strategy(), st.booleans())
    def check(case, signed_in):
        answer = case.call(headers=headers[signed_in])
        assert answer.status_code in (200, 400)
        told = answer.json()
        assert set(told) <= {"data", "errors"}
        codes = {error["extensions"]["code"] for error in told.get("errors", ())}
        assert "INTERNAL" not in codes
        assert codes or told["data"] is not None

    check()
