"""Logging in: the page and the endpoint that issues tokens."""

import json

import pytest
from django.conf import settings

from tests.contract.drivers import DRIVERS, Bearer, Pages, soup

PASSWORD = "correct horse battery"


@pytest.fixture
def carol(person):
    return person("carol", password=PASSWORD)


def request_token(client, **credentials):
    return client.post("/api/auth/token/", credentials, "application/json")


def test_a_token_authenticates_at_rest_and_graphql(client, carol):
    response = request_token(client, email="Carol@Example.org", password=PASSWORD)
    assert response.status_code == 200
    for driver in DRIVERS:
        if issubclass(driver, Bearer):
            interface = driver()
            interface.headers = {"Authorization": f"bearer {response.json()['access']}"}
            assert interface.publish("It is me").author == "carol"


def test_the_refresh_token_is_in_a_cookie_only(client, carol):
    response = request_token(client, email=carol.email, password=PASSWORD)
    assert set(response.json()) == {"access"}
    assert "no-store" in response["Cache-Control"]
    cookie = response.cookies[settings.REFRESH_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    assert cookie.value not in response.content.decode()


def test_a_refresh_token_is_not_an_access_token(client, carol):
    response = request_token(client, email=carol.email, password=PASSWORD)
    headers = {"Authorization": f"Bearer {response.cookies[settings.REFRESH_COOKIE_NAME].value}"}
    for url in ("/api/fbv/posts/", "/api/cbv/posts/", "/graphql/?query={__typename}"):
        assert client.get(url, headers=headers).status_code == 401


def test_wrong_credentials_get_the_same_response_for_every_account(client, carol):
    responses = [
        request_token(client, email=email, password="wrong")
        for email in (carol.email, "nobody@example.org")
    ]
    carol.is_active = False
    carol.save()
    responses.append(request_token(client, email=carol.email, password=PASSWORD))
    assert {response.status_code for response in responses} == {401}
    assert len({response.content for response in responses}) == 1


def log_in(interface, email, password):
    page = soup(interface.client.get("/accounts/login/?next=/cbv/posts/new/"))
    fields = {field["name"]: field.get("value", "") for field in page.select("main input[name]")}
    return interface.client.post(
        "/accounts/login/", fields | {"username": email, "password": password}
    )


def test_a_user_logs_in_publishes_and_logs_out(carol):
    for driver in DRIVERS:
        if issubclass(driver, Pages):
            interface = driver()
            response = log_in(interface, "CAROL@example.org", PASSWORD)
            assert (response.status_code, response["Location"]) == (302, "/cbv/posts/new/")
            assert interface.publish("It is me").author == "carol"
            token = soup(interface.client.get(interface.root)).select_one(
                "[name=csrfmiddlewaretoken]"
            )["value"]
            interface.client.post("/accounts/logout/", {"csrfmiddlewaretoken": token})
            assert interface.publish("Who am I?").author is None


def test_a_login_does_not_redirect_to_another_site(carol):
    interface = DRIVERS[0]()
    page = soup(interface.client.get("/accounts/login/?next=https://evil.example/"))
    fields = {field["name"]: field.get("value", "") for field in page.select("main input[name]")}
    fields |= {"username": carol.email, "password": PASSWORD}
    response = interface.client.post("/accounts/login/?next=//evil.example/", fields)
    assert response.status_code == 302
    assert "evil" not in response["Location"]


def test_a_session_authenticates_at_rest_and_graphql_too(client, carol):
    """As the browsable API and GraphiQL need it."""
    client.force_login(carol)
    for url in ("/api/fbv/posts/new/", "/api/cbv/posts/"):
        response = client.post(url, {"body": "It is me"}, "application/json")
        assert response.json()["created_by"]["username"] == "carol"
    query = 'mutation { createPost(body: "It is me") { post { createdBy { username } } } }'
    response = client.post("/graphql/", {"query": query}, "application/json")
    assert json.loads(response.content)["data"]["createPost"]["post"]["createdBy"]["username"]
