"""The OpenAPI document says what is so: what generators, linters and validators read of it."""

from functools import cache

import pytest
import yaml
from django.test import Client
from jsonschema import Draft202012Validator

from tests.architecture.code import ROOT

JSON = "application/json"
VALUES = {"id": 7, "username": "alice", "name": "01234567-89ab-4cde-8f01-23456789abcd"}


@cache
def document():
    return yaml.safe_load((ROOT / "docs/openapi.yaml").read_text())


def operations():
    """Return each operation as method, path and description."""
    paths = document()["paths"].items()
    return [(method, path, one) for path, methods in paths for method, one in methods.items()]


every_operation = pytest.mark.parametrize(
    ("method", "path", "operation"), operations(), ids=lambda value: str(value)[:50]
)


def parts(node):
    """Yield each object in a part of the document, itself included."""
    yield node
    for value in node.values() if isinstance(node, dict) else node:
        if isinstance(value, dict | list):
            yield from parts(value)


def test_it_is_a_valid_openapi_3_1_document():
    """`manage.py spectacular --validate` checks the rest."""
    assert document()["openapi"].startswith("3.1")
    assert document()["servers"][0]["url"]
    assert document()["info"]["title"].isidentifier()
    assert all(name.isidentifier() for name in document()["components"]["securitySchemes"])
    assert [part for part in parts(document()) if "nullable" in part] == []
    types = [
        part["type"] for part in parts(document()) if isinstance(part, dict) and "type" in part
    ]
    assert [kind for kind in types if isinstance(kind, list) and len({*kind}) < len(kind)] == []


def test_every_example_is_what_its_schema_describes():
    checked = 0
    for part in parts(document()["paths"]):
        if isinstance(part, dict) and "examples" in part and "schema" in part:
            schema = {**part["schema"], "components": document()["components"]}
            for example in part["examples"].values():
                Draft202012Validator(schema).validate(example["value"])
                checked += 1
    assert checked > 50


@every_operation
def test_an_operation_has_a_summary_a_description_and_a_tag(method, path, operation):
    assert operation["summary"]
    assert operation["description"]
    assert {*operation["tags"]} <= {tag["name"] for tag in document()["tags"]}


@every_operation
def test_a_login_is_documented_where_one_is_needed(db, alice, post, method, path, operation):
    post(alice, id=7)
    url = path.format_map(VALUES)
    response = Client().generic(method.upper(), url, b'{"body": "Hello"}', JSON)
    security = operation["security"]
    if security and response.status_code != 400:  # of another body
        assert (response.status_code == 401) == ({} not in security)
    assert (response.status_code == 401) <= ("401" in operation["responses"])


def test_an_id_has_one_type_in_all_operations():
    ids = [
        parameter["schema"]
        for _, _, operation in operations()
        for parameter in operation.get("parameters", ())
        if (parameter["in"], parameter["name"]) == ("path", "id")
    ]
    published = document()["components"]["schemas"]["Post"]["properties"]["id"]
    assert len(ids) > 10
    assert all(schema == published == {"type": "integer"} for schema in ids)


def test_images_are_sent_by_the_first_media_type_which_generators_take():
    bodies = [
        one["requestBody"]["content"] for _, path, one in operations() if "requestBody" in one
    ]
    with_files = [[*body] for body in bodies if "multipart/form-data" in body]
    assert with_files == [["multipart/form-data", JSON, "application/x-www-form-urlencoded"]] * 13
