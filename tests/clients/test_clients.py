"""Linters, generators and compilers of others read the documents; generated clients do things."""

import shutil

import pytest

from tests.architecture.code import ROOT
from tests.pictures import picture
from tests.tokens import bearer


def test_redocly_accepts_the_openapi_document(run):
    run("redocly", "lint", "openapi.yaml", "--max-problems", 50)


def test_spectral_accepts_the_openapi_document(run):
    run("spectral", "lint", "openapi.yaml", "--fail-severity", "warn")


def test_relay_compiler_accepts_the_graphql_schema(run, directory):
    (directory / "relay").mkdir()
    shutil.move(directory / "relay.ts", directory / "relay")
    schema = ROOT / "docs/schema.graphql"
    shutil.copy(schema, directory)
    run("relay-compiler", "relay.config.json")
    assert (directory / "relay/__generated__/relayPostQuery.graphql.ts").exists()


@pytest.fixture
def generated(run, directory):
    """Generate the clients once, and check their use by TypeScript's strict rules."""
    if not (directory / "schema.d.ts").exists():
        run("openapi-ts", "-i", "openapi.yaml", "-o", "generated", "-c", "@hey-api/client-fetch")
        run("openapi-typescript", "openapi.yaml", "-o", "schema.d.ts")
        run("orval", "-i", "openapi.yaml", "-o", "orval.ts", "--client", "fetch")
        run(
            "swagger-typescript-api",
            "generate",
            "-p",
            "openapi.yaml",
            "-o",
            ".",
            "-n",
            "swagger.ts",
        )
        run("tsc", "--project", "tsconfig.json")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("generated")
@pytest.mark.parametrize(
    "program", ["hey-api.ts", "openapi-fetch.ts", "orval-client.ts", "swagger-typescript-api.ts"]
)
def test_a_generated_client_publishes_a_picture(run, live_server, alice, tmp_path, program):
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture((40, 30)).read())
    _, _, access = bearer(alice)["Authorization"].partition(" ")
    run("tsx", program, live_server.url, access, photo)
