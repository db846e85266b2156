"""Generated documents and migrations are up to date with the code."""

import io
import os
import re
import subprocess
import sys

import pytest
import yaml
from django.core.management import call_command

from tests.architecture.code import ROOT
from ublog.conf.schedule import INTERVALS
from ublog.interfaces.graphql.schema import schema


def written(name: str) -> str:
    path = ROOT / "docs" / name
    if not path.exists():
        pytest.skip(f"docs/{name} is not written yet")
    return path.read_text()


def test_the_openapi_document_is_up_to_date():
    out = io.StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)
    assert out.getvalue().strip() == written("openapi.yaml").strip(), "Run `make schemas`."


def test_the_graphql_schema_is_up_to_date():
    assert str(schema).strip() == written("schema.graphql").strip(), "Run `make schemas`."


def test_operators_find_every_scheduled_task():
    table = written("operations.md").partition("## Scheduled tasks")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `([\w.]+)`", table, re.M)) == set(INTERVALS)


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_site_on_https_passes_the_deployment_check(tmp_path):
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
        "UBLOG_DATA_DIR": str(tmp_path),
        "UBLOG_SITE_URL": "https://blog.example.org",
        "UBLOG_SECRET_KEY": "mn2#Xq81)vb7zt-s0dk4w!jr95ye(cp63ul_fg+hoai^ 50 and more",
        "UBLOG_TOKEN_KEY": "w0z9%Kd4]ru2yq-m7ck1s!xb83vt(np56el_hg+jofi^ 50 and more",
        "DJANGO_SETTINGS_MODULE": "ublog.settings",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_the_pre_commit_hooks_are_part_of_make_check():
    makefile = (ROOT / "Makefile").read_text()
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [repository["repo"] for repository in hooks] == ["local"]  # no hook is downloaded
    for hook in hooks[0]["hooks"]:
        command = hook["entry"].removeprefix(".venv/bin/python ").removesuffix(" --force-exclude")
        assert command == "make check" or f"$(python) {command} ." in makefile
