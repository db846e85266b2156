"""People with passwords, the mails that they get, and each door that has the verb in question."""

import re

import pytest
from django.core import mail

from tests.accounts.drivers import DOORS, PASSWORD
from ublog.accounts import tasks
from ublog.accounts.models import Mail


def pytest_generate_tests(metafunc):
    """`door` is each door; `@pytest.mark.offers("verb")` leaves out those without the verb."""
    if "door" in metafunc.fixturenames:
        verbs = [verb for mark in metafunc.definition.iter_markers("offers") for verb in mark.args]
        doors = [door for door in DOORS if all(map(door.offers, verbs))]
        metafunc.parametrize("door", doors, ids=lambda door: door.name)


@pytest.fixture
def post_box(db):
    """A function that has the worker send what waits, and gives all mails so far."""

    def deliver():
        for waiting in Mail.objects.order_by("pk").values_list("pk", flat=True):
            tasks.send_mail(waiting)
        return mail.outbox

    return deliver


@pytest.fixture
def link(post_box):
    """A function that gives the token in the newest mail, whose link must be of our site."""

    def newest():
        body = post_box()[-1].body
        return re.search(r"^http://127\.0\.0\.1:8000/accounts/[a-z-]+/([^/\s]+)/$", body, re.M)[1]

    return newest


@pytest.fixture
def carol(person):
    """Somebody with a password."""
    return person("carol", password=PASSWORD, display_name="Carol C.")
