"""A username that a user gave up is reserved for them, and links to it lead to the new one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.drivers import PASSWORD, Rest
from tests.contract.drivers import Invalid
from ublog.accounts import actions, tasks
from ublog.accounts.former_usernames import KEEP, FormerUsername
from ublog.accounts.models import CustomUser
from ublog.accounts.signed_links import ACTIVATE
from ublog.blog.models import Post
from ublog.core.exceptions import RateLimited


@pytest.fixture
def renamed(carol):
    """Carol, who is called Caro now."""
    return actions.update_profile(by=carol, username="Caro")


def test_nobody_else_takes_it(interface, renamed, person, rejected):
    person("dan", password=PASSWORD)
    browser = interface()
    browser.log_in("dan@example.org")
    for name in ("carol", "CAROL"):
        with rejected(Invalid) as error:
            browser.update_profile(username=name)
        assert error.value.fields == {"username"}


def test_nor_does_somebody_who_signs_up(renamed, rejected):
    with rejected(Invalid):
        Rest().activate(ACTIVATE.token("dora@example.org", ""), PASSWORD, "Carol")


def test_nor_does_an_administrator_give_it_away(renamed, staff, person):
    browser, dan = Client(), person("dan")
    browser.force_login(staff)
    passwords = dict.fromkeys(("password1", "password2"), PASSWORD)
    for url, fields in (
        ("add/", {"email": "dora@example.org", "usable_password": "true", **passwords}),
        (f"{dan.pk}/change/", {"email": dan.email, "email_notifications": "off"}),
    ):
        sent = fields | {"username": "Carol"}
        page = browser.post(f"/admin/accounts/customuser/{url}", sent)
        assert "This username is taken." in page.content.decode()
    assert not CustomUser.objects.filter(username="Carol").exists()
    fields = {"email": renamed.email, "email_notifications": "off", "time_zone": "UTC"}
    sent = fields | {"username": "carol", "is_active": "on"}
    browser.post(f"/admin/accounts/customuser/{renamed.pk}/change/", sent)
    assert CustomUser.objects.get(pk=renamed.pk).username == "carol"


def test_its_owner_takes_it_back_and_the_other_one_is_reserved_then(renamed):
    user = actions.update_profile(by=renamed, username="carol")
    assert CustomUser.objects.get_by_any_username("caro", user) == user
    assert user.username == "carol"


def test_another_case_of_the_same_name_reserves_nothing(carol):
    actions.update_profile(by=carol, username="CAROL")
    assert not FormerUsername.objects.exists()


def test_after_90_days_it_is_free(renamed, bob):
    FormerUsername.objects.update(expires_on=timezone.now() - timedelta(seconds=1))
    assert actions.update_profile(by=bob, username="carol").username == "carol"
    with pytest.raises(CustomUser.DoesNotExist):
        CustomUser.objects.filter(pk=renamed.pk).get_by_any_username("carol", bob)
    tasks.purge()
    assert list(FormerUsername.objects.values_list("username", flat=True)) == ["bob"]
    assert FormerUsername.objects.get().expires_on > timezone.now() + KEEP - timedelta(minutes=1)


def test_a_user_takes_five_names_a_day(carol, rejected):
    for number in range(5):
        carol = actions.update_profile(by=carol, username=f"carol_{number}")
    with rejected(RateLimited):
        actions.update_profile(by=carol, username="carol_again")


def test_links_to_the_old_name_lead_to_the_new_one(renamed, client):
    for path, status, place in [
        ("/accounts/users/Carol/", 301, "/accounts/users/Caro/"),
        ("/@carol", 301, "/@Caro"),
        ("/api/users/carol/", 308, "/api/users/Caro/"),
    ]:
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (status, place)
        # A browser must not keep it: the user may take the old name back.
        assert response["Cache-Control"] in ("no-cache", "no-store")
        assert client.get(place).status_code == 200
    query = {"query": '{ user(username: "carol") { username } }'}
    data = client.post("/graphql/", query, "application/json").json()["data"]
    assert data == {"user": {"username": "Caro"}}


def test_the_old_name_still_finds_the_posts(renamed, client):
    post = Post.objects.create(created_by=renamed, body="Hello")
    for name in ("carol", "caro"):
        [found] = client.get(f"/api/fbv/posts/?author={name}").json()["results"]
        assert found["id"] == post.pk
    assert client.get("/api/fbv/posts/?author=nobody").json()["results"] == []


def test_who_is_deactivated_is_not_found_by_an_old_name(renamed, client):
    CustomUser.objects.update(is_active=False)
    assert client.get("/api/users/carol/").status_code == 404
