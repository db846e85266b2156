"""What GitHub reads in .github/ is well formed, and the workflow only calls `.ci/run`."""

import re

import pytest
import yaml

from tests.architecture.code import ROOT

GITHUB = ROOT / ".github"
FORMS = ["bug.yml", "idea.yml"]
FIELDS = {"input", "textarea", "dropdown", "checkboxes"}


def read(name: str):
    return yaml.safe_load((GITHUB / name).read_text())


def test_the_workflow_calls_what_runs_anywhere():
    [job] = read("workflows/ci.yml")["jobs"].values()
    assert ".ci/run" in [step.get("run") for step in job["steps"]]
    used = [step["uses"] for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/(checkout|setup-python)@v\d+", action) for action in used)


def test_the_workflow_may_only_read():
    assert read("workflows/ci.yml")["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("form", FORMS)
def test_an_issue_form_has_what_github_requires(form):
    content = read(f"ISSUE_TEMPLATE/{form}")
    assert content["name"]
    assert content["description"]
    fields = [part for part in content["body"] if part["type"] in FIELDS]
    assert all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields) > 0


def test_dependabot_looks_where_dependencies_are():
    files = {
        "pip": "poetry.lock",
        "npm": "package-lock.json",
        "github-actions": ".github/workflows",
    }
    for update in read("dependabot.yml")["updates"]:
        directory = ROOT / update["directory"].lstrip("/")
        assert (directory / files[update["package-ecosystem"]]).exists()
