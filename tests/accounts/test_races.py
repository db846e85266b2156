"""A5: what happens to one refresh cookie that is sent many times at once."""

from contextlib import suppress

import pytest
from django.conf import settings
from django.test import Client

from tests.accounts.drivers import PASSWORD
from tests.together import together
from ublog.accounts import token_families
from ublog.accounts.models import TokenFamily
from ublog.core.exceptions import Conflict, NotAuthenticated

pytestmark = pytest.mark.django_db(transaction=True)


def refresh(cookie):
    """A tab of its own with that cookie; the status and the cookie that it gets."""
    client = Client()
    client.cookies[settings.REFRESH_COOKIE_NAME] = cookie
    headers = {"X-Ublog": "1"}
    response = client.post("/api/auth/token/refresh/", {}, "application/json", headers=headers)
    return response.status_code, client.cookies[settings.REFRESH_COOKIE_NAME].value


def log_in(client, user):
    credentials = {"email": user.email, "password": PASSWORD}
    response = client.post("/api/auth/token/", credentials, "application/json")
    assert response.status_code == 200
    return client.cookies[settings.REFRESH_COOKIE_NAME].value


def at_once(cookie, times=8):
    responses = []
    together(*[lambda: responses.append(refresh(cookie))] * times)
    return responses


def test_eight_refreshes_at_once_have_one_successor_and_nobody_is_logged_out(carol, client):
    """A5: eight at once, in ten rounds; `python -m tests.accounts.races` has the hundred."""
    cookie = log_in(client, carol)
    for _ in range(10):
        responses = at_once(cookie)
        assert {status for status, _ in responses} == {200}
        [successor] = {new for _, new in responses}
        assert successor != cookie
        cookie = successor
    assert TokenFamily.objects.get().position == 11


def proof(family, position):
    """What the token of that family at that position proves."""
    named = {"name": family.name, "user_id": family.user_id}
    return {**named, "position": position, "issued_on": family.created_on}


def test_a_refresh_under_way_does_not_revive_what_is_logged_out(carol, client):
    """A7."""
    for _ in range(5):
        family = token_families.start(user=carol)

        def refresh(family=family):
            with suppress(NotAuthenticated, Conflict):
                token_families.refresh(**proof(family, 1))

        def end(family=family):
            token_families.end(name=family.name, user_id=carol.pk)

        together(*[refresh] * 4, end)
        assert not TokenFamily.objects.exists()
        with pytest.raises(NotAuthenticated):
            token_families.refresh(**proof(family, 2))


@pytest.mark.parametrize("names", [["dora", "dora", "dora"], ["dora", "other", "third"]])
def test_three_links_of_an_address_at_once_open_one_account(db, names):
    """B8: the first has chosen the password."""
    from django.core.exceptions import ValidationError

    from ublog.accounts import actions, signed_links
    from ublog.accounts.models import CustomUser

    token, rejected = signed_links.ACTIVATE.token("dora@example.org"), []

    def activate(name):
        try:
            actions.activate(token=token, password=f"{PASSWORD} {name}", username=name)
        except ValidationError as error:
            rejected.append(set(error.message_dict))

    together(*[lambda name=name: activate(name) for name in names])
    user = CustomUser.objects.get()
    assert user.check_password(f"{PASSWORD} {user.username}")
    assert len(rejected) == 2
    assert all("token" in fields or names == ["dora"] * 3 for fields in rejected)


def test_a_link_used_twice_at_once_works_once(carol, settings):
    from django.core.exceptions import ValidationError

    from ublog.accounts import actions, signed_links
    from ublog.accounts.models import Mail

    token = signed_links.RESET.token(carol)
    rejected = []

    def reset(n):
        try:
            actions.reset_password(token=token, password=f"a new password {n}")
        except ValidationError:
            rejected.append(n)

    together(*[lambda n=n: reset(n) for n in range(4)])
    assert len(rejected) == 3
    assert Mail.objects.filter(kind="password_changed").count() == 1
