"""Each variable of the environment is declared once, and what is made from that is up to date."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.architecture.code import ROOT, sources
from tools import variables as made
from ublog.conf import variables

NAME = re.compile(r"\b(?:UBLOG_[A-Z0-9_]+|SENTRY_DSN|[A-Z]+(?:_[A-Z]+)*_URL)\b")
# Read by programs that know nothing of settings, with a default of their own or none.
ELSEWHERE = {"UBLOG_TEST_POSTGRES_URL", "UBLOG_EXTRAS"}


def test_the_example_is_made_from_the_declarations():
    assert made.EXAMPLE.read_text() == made.example(), "Run make schemas"


def test_the_table_for_operators_is_made_from_the_declarations():
    assert made.DOCUMENT.read_text() == made.document(), "Run make schemas"
    assert made.table() in made.DOCUMENT.read_text()


def test_each_variable_is_declared_once_and_used():
    names = [one.name for section in variables.SECTIONS.values() for one in section]
    assert len(names) == len(set(names)) > 40
    text = "".join(
        path.read_text()
        for path in [*sources("ublog"), ROOT / "deploy/gunicorn.conf.py"]
        if path.name != "variables.py"
    )
    limits = {name for name in names if name.startswith(variables.LIMIT_PREFIX)}
    assert {name for name in names if f'"{name}"' in text} == set(names) - limits


@pytest.mark.parametrize("place", ["ublog", "deploy"])
def test_no_variable_is_read_past_the_declarations(place):
    reading = re.compile(r"(?:environ(?:\.get)?|getenv|read)[(\[]\"([A-Z0-9_]+)\"")
    read = {name for path in sources(place) for name in reading.findall(path.read_text())}
    read = {name for name in read if NAME.fullmatch(name)}
    assert read
    assert read - set(variables.VARIABLES) - ELSEWHERE == set()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("UBLOG_DEBUG", "on", True),
        ("UBLOG_DEBUG", "", False),
        ("UBLOG_TRUSTED_PROXIES", "2", 2),
        ("UBLOG_ALLOWED_HOSTS", "a.example.org,b.example.org", ["a.example.org", "b.example.org"]),
        ("UBLOG_BACKUP_EVERY", "24h", timedelta(days=1)),
        ("UBLOG_BACKUP_EVERY", "0h", timedelta(0)),
        ("UBLOG_SITE_URL", "", "http://127.0.0.1:8000"),
    ],
)
def test_a_variable_has_the_type_of_its_default(monkeypatch, name, text, value):
    monkeypatch.setenv(name, text)
    assert variables.read(name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("UBLOG_DEBUG", "perhaps"),
        ("UBLOG_TRUSTED_PROXIES", "one"),
        ("UBLOG_BACKUP_EVERY", "daily"),
    ],
)
def test_a_value_of_another_type_is_an_error_that_names_the_variable(monkeypatch, name, text):
    monkeypatch.setenv(name, text)
    with pytest.raises(ImproperlyConfigured, match=name) as error:
        variables.read(name)
    assert "\n" not in str(error.value)


def test_a_variable_that_is_not_declared_is_not_read(monkeypatch):
    monkeypatch.setenv("UBLOG_COLOUR", "blue")
    with pytest.raises(KeyError):
        variables.read("UBLOG_COLOUR")


def test_limits_are_read_by_name(monkeypatch):
    monkeypatch.setenv("UBLOG_LIMIT_POST", "1/day")
    limits = variables.read_limits()
    assert limits["post"] == "1/day"
    assert limits["anonymous_post"] == "5/minute;30/hour"
