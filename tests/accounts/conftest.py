"""Users with passwords, the mails that they get, and each driver that has the verbs of a test."""

import re

import pytest
from django.core import mail

from tests.accounts.drivers import DRIVERS, PASSWORD
from ublog.accounts import tasks
from ublog.accounts.models import Mail


def pytest_generate_tests(metafunc):
    """Parametrise `interface`: `@pytest.mark.offers("verb")` skips those without the verb."""
    if "interface" in metafunc.fixturenames:
        verbs = [verb for mark in metafunc.definition.iter_markers("offers") for verb in mark.args]
        drivers = [driver for driver in DRIVERS if all(map(driver.offers, verbs))]
        metafunc.parametrize("interface", drivers, ids=lambda driver: driver.name)


@pytest.fixture
def post_box(db):
    """A function that sends the mails that wait, and returns all that were sent."""

    def deliver():
        for waiting in Mail.objects.order_by("pk").values_list("pk", flat=True):
            tasks.send_mail(waiting)
        return mail.outbox

    return deliver


@pytest.fixture
def link(post_box):
    """A function that returns the token in the newest mail, from a link of this site."""

    def newest():
        body = post_box()[-1].body
        return re.search(r"^http://127\.0\.0\.1:8000/accounts/[a-z-]+/([^/\s]+)/$", body, re.M)[1]

    return newest


@pytest.fixture
def carol(person):
    """A user with a password."""
    return person("carol", password=PASSWORD, display_name="Carol C.")
