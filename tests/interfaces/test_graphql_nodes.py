"""Relay's `node`: any post or user by an id that nothing else has, and that stays."""

import pytest

from tests.contract.drivers import GraphQL
from tests.contract.exceptions import NotFound
from ublog.accounts import actions as accounts
from ublog.blog import actions
from ublog.blog.notifications import Notification

POST = "{ __typename id ... on Post { body createdBy { userId } } }"
USER = "{ __typename id ... on User { username } }"


def test_a_post_is_found_by_its_id(alice, post):
    mine = post(alice)
    found = GraphQL().execute("query", "node", POST, id=str(mine.pk))
    author = {"userId": f"user-{alice.pk}"}
    assert found == {
        "__typename": "Post",
        "id": str(mine.pk),
        "body": "A post",
        "createdBy": author,
    }


def test_a_user_keeps_their_id_under_another_name(alice, post):
    post(alice)
    [edge] = GraphQL().execute("query", "posts", "{edges{node{createdBy{userId}}}}")["edges"]
    me = GraphQL(alice).execute("query", "me", "{userId}")
    assert edge["node"]["createdBy"] == me
    accounts.update_profile(by=alice, username="alison")
    found = GraphQL().execute("query", "node", USER, id=me["userId"])
    assert found == {"__typename": "User", "id": me["userId"], "username": "alison"}
    named = GraphQL().send({"query": '{ user(username: "alison") { id } }', "variables": {}})
    assert named["user"]["id"] == me["userId"]


@pytest.mark.parametrize("id", ["", "0", "user-", "user-0", "user-x", "user-" + "9" * 30, "x", "²"])
def test_an_id_of_nothing_is_not_found(alice, rejected, id):
    with rejected(NotFound):
        GraphQL(alice).execute("query", "node", USER, id=id)


def test_a_user_who_is_not_active_is_not_found(alice, bob, rejected):
    type(bob).objects.filter(pk=bob.pk).update(is_active=False)
    with rejected(NotFound):
        GraphQL(alice).execute("query", "node", USER, id=f"user-{bob.pk}")


def test_a_node_costs_one_query(alice, post, django_assert_num_queries):
    mine = post(alice)
    for id in (str(mine.pk), f"user-{alice.pk}"):
        with django_assert_num_queries(1):
            GraphQL().client.post(
                "/graphql/", {"query": f'{{ node(id: "{id}") {POST} }}'}, "application/json"
            )


def test_a_notification_has_an_id_of_its_own(alice, bob):
    mine = actions.publish(by=alice, body="Hello")
    actions.like(post_id=mine.pk, by=bob)
    selected = "{edges{node{id post{id}}}}"
    [edge] = GraphQL(alice).execute("query", "notifications", selected)["edges"]
    [notification] = Notification.objects.all()
    assert edge["node"]["id"] == f"notification-{notification.pk}"
