"""The real ways in: the log-in page and the token's address."""

import json

import pytest
from django.conf import settings

from tests.contract.drivers import DRIVERS, Bearer, Pages, soup

PASSWORD = "correct horse battery"


@pytest.fixture
def carol(person):
    return person("carol", password=PASSWORD)


def ask_for_token(client, **credentials):
    return client.post("/api/auth/token/", credentials, "application/json")


def test_a_token_opens_the_programs_doors(client, carol):
    answer = ask_for_token(client, email="Carol@Example.org", password=PASSWORD)
    assert answer.status_code == 200
    for driver in DRIVERS:
        if issubclass(driver, Bearer):
            door = driver()
            door.headers = {"Authorization": f"bearer {answer.json()['access']}"}
            assert door.publish("It is me").author == "carol"


def test_the_refresh_token_is_in_a_cookie_and_nowhere_else(client, carol):
    answer = ask_for_token(client, email=carol.email, password=PASSWORD)
    assert set(answer.json()) == {"access"}
    assert "no-store" in answer["Cache-Control"]
    cookie = answer.cookies[settings.REFRESH_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert cookie.value not in answer.content.decode()


def test_a_refresh_token_is_no_access_token(client, carol):
    answer = ask_for_token(client, email=carol.email, password=PASSWORD)
    headers = {"Authorization": f"Bearer {answer.cookies[settings.REFRESH_COOKIE_NAME].value}"}
    for address in ("/api/fbv/posts/", "/api/cbv/posts/", "/graphql/?query={__typename}"):
        assert client.get(address, headers=headers).status_code == 401


def test_wrong_credentials_are_answered_alike_whoever_is_meant(client, carol):
    answers = [
        ask_for_token(client, email=email, password="wrong")
        for email in (carol.email, "nobody@example.org")
    ]
    carol.is_active = False
    carol.save()
    answers.append(ask_for_token(client, email=carol.email, password=PASSWORD))
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def log_in(door, email, password):
    page = soup(door.client.get("/accounts/login/?next=/cbv/posts/new/"))
    fields = {field["name"]: field.get("value", "") for field in page.select("main input[name]")}
    return door.client.post("/accounts/login/", fields | {"username": email, "password": password})


def test_a_person_logs_in_writes_and_logs_out(carol):
    for driver in DRIVERS:
        if issubclass(driver, Pages):
            door = driver()
            answer = log_in(door, "CAROL@example.org", PASSWORD)
            assert (answer.status_code, answer["Location"]) == (302, "/cbv/posts/new/")
            assert door.publish("It is me").author == "carol"
            door.csrf_token = soup(door.client.get(door.root)).select_one(
                "[name=csrfmiddlewaretoken]"
            )["value"]
            door.client.post("/accounts/logout/", {"csrfmiddlewaretoken": door.csrf_token})
            assert door.publish("Who am I?").author is None


def test_nobody_is_sent_to_another_site_after_logging_in(carol):
    door = DRIVERS[0]()
    page = soup(door.client.get("/accounts/login/?next=https://evil.example/"))
    fields = {field["name"]: field.get("value", "") for field in page.select("main input[name]")}
    fields |= {"username": carol.email, "password": PASSWORD}
    answer = door.client.post("/accounts/login/?next=//evil.example/", fields)
    assert answer.status_code == 302
    assert "evil" not in answer["Location"]


def test_a_session_opens_the_programs_doors_with_the_forms_token(client, carol):
    """For the browsable API and GraphiQL."""
    client.force_login(carol)
    for address in ("/api/fbv/posts/new/", "/api/cbv/posts/"):
        answer = client.post(address, {"body": "It is me"}, "application/json")
        assert answer.json()["created_by"]["username"] == "carol"
    query = 'mutation { createPost(body: "It is me") { post { createdBy { username } } } }'
    answer = client.post("/graphql/", {"query": query}, "application/json")
    assert json.loads(answer.content)["data"]["createPost"]["post"]["createdBy"]["username"]
