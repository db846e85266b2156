"""Linters, generators and compilers of others read the documents; generated clients do things."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.architecture.code import ROOT
from tests.pictures import picture
from tests.tokens import bearer
from tools import frontend

HERE = Path(__file__).parent
OPENAPI = ROOT / "docs/openapi.yaml"


@pytest.fixture(scope="session")
def directory(tmp_path_factory):
    """Return a directory with the files of this one, and with the packages of package-lock.json."""
    frontend.install(HERE)
    made = tmp_path_factory.mktemp("clients")
    for file in (*HERE.glob("*.ts"), *HERE.glob("*.json"), *HERE.glob("*.yaml")):
        shutil.copy(file, made)
    shutil.copy(HERE / ".spectral.yaml", made)
    shutil.copy(OPENAPI, made)
    (made / "node_modules").symlink_to(HERE / "node_modules")
    return made


@pytest.fixture
def run(directory):
    """A function that runs a program of a package; it must end without an error."""

    def call(program, *arguments):
        command = [directory / "node_modules/.bin" / program, *map(str, arguments)]
        settings = frontend.environment() | {"REDOCLY_TELEMETRY": "off", "CI": "true"}
        done = subprocess.run(command, cwd=directory, env=settings, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    return call


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
    """Generate both clients once, and check their use by TypeScript's strict rules."""
    if not (directory / "schema.d.ts").exists():
        run("openapi-ts", "-i", "openapi.yaml", "-o", "generated", "-c", "@hey-api/client-fetch")
        run("openapi-typescript", "openapi.yaml", "-o", "schema.d.ts")
        run("tsc", "--project", "tsconfig.json")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("generated")
@pytest.mark.parametrize("program", ["hey-api.ts", "openapi-fetch.ts"])
def test_a_generated_client_publishes_a_picture(run, live_server, alice, tmp_path, program):
    photo = tmp_path / "photo.png"
    photo.write_bytes(picture((40, 30)).read())
    _, _, access = bearer(alice)["Authorization"].partition(" ")
    run("tsx", program, live_server.url, access, photo)
