"""What moderators cannot do gets the right error in pages, in REST and in GraphQL, and nothing is
half done."""

import pytest
from django.test import Client

from tests.interfaces.test_moderation import graphql, rest
from ublog.accounts.blocks import Block
from ublog.accounts.moderation_log import LogEntry
from ublog.blog import actions, moderation, report_actions
from ublog.blog.models import Post
from ublog.blog.reports import Cleanup, PostNetwork, Report

ADDRESS = "198.51.100.7"
INVALID, FORBIDDEN, NOT_FOUND = "INVALID", "FORBIDDEN", "NOT_FOUND"
CODES = {400: INVALID, 403: FORBIDDEN, 404: NOT_FOUND, 204: None, 302: None}


def in_pages(user, kind, name, sent):
    client = Client(REMOTE_ADDR=ADDRESS)
    client.force_login(user)
    return CODES[client.post(f"/moderation/{kind}/{name}", sent).status_code]


def in_rest(user, kind, name, sent):
    return CODES[rest(user, "POST", f"{kind}/{name}", **sent).status_code]


def in_graphql(user, kind, name, sent):
    if kind == "blocks":
        document = f'block(address: "{sent["address"]}")'
    elif kind == "users":
        document = f'moderateUser(username: "{name[:-1]}", action: {sent["action"]})'
    else:
        document = f"moderatePost(id: {name[:-1]}, action: {sent['action']})"
    content = graphql(user, f"mutation{{made: {document}{{errors{{code}}}}}}")
    return next((error["code"] for error in content["data"]["made"]["errors"]), None)


PATHS = {"pages": in_pages, "REST": in_rest, "GraphQL": in_graphql}


@pytest.fixture(params=PATHS)
def send(request):
    return PATHS[request.param]


@pytest.fixture
def mona(person):
    return person("mona", is_staff=True)


@pytest.fixture
def unchanged(everything):
    """A function that returns all that moderators could have changed."""

    def stored():
        models = (LogEntry, Block, Cleanup, Report, PostNetwork)
        return everything(), [list(model.objects.order_by("pk").values()) for model in models]

    return stored


@pytest.mark.parametrize("action", sorted(moderation.USER_ACTIONS.keys() - {"dismiss"}))
def test_no_moderator_acts_on_an_administrator_on_oneself_or_on_who_is_gone(
    send, mona, staff, alice, person, post, unchanged, action
):
    other = person("olga", is_staff=True)
    for one in (mona, staff, other):
        post(one)
    alice.delete()
    before = unchanged()
    found = {
        name: send(mona, "users", f"{name}/", {"action": action})
        for name in ("mona", "sam", "olga", "alice")
    }
    assert found == {
        **dict.fromkeys(("mona", "sam", "olga"), FORBIDDEN),
        "alice": NOT_FOUND,
    }
    assert unchanged() == before


@pytest.mark.parametrize("action", sorted(moderation.POST_ACTIONS))
def test_a_reported_post_that_was_just_deleted_is_not_found(
    send, mona, alice, bob, post, unchanged, action
):
    """With a reply it is a tombstone, without one it is gone; its reports are, too."""
    gone, tombstone = post(alice), post(alice)
    post(bob, in_reply_to=tombstone, conversation=tombstone.pk)
    for one in (gone, tombstone):
        report_actions.report(post_id=one.pk, by=bob, reason="Spam")
        actions.delete(post_id=one.pk, by=alice)
    assert not Report.objects.exists()
    before = unchanged()
    found = [send(mona, "posts", f"{one.pk}/", {"action": action}) for one in (gone, tombstone)]
    assert found == [NOT_FOUND, NOT_FOUND]
    assert unchanged() == before


@pytest.mark.parametrize("action", ["block_network", "delete_and_block_network"])
def test_no_moderator_locks_oneself_out_by_a_post(send, mona, unchanged, action):
    """REST and GraphQL are asked from this machine, whose network is never blocked."""
    for address in {ADDRESS, "127.0.0.1"} if send is in_pages else {"127.0.0.1"}:
        sent = Client(REMOTE_ADDR=address).post("/api/fbv/posts/new/", {"body": "Hello"})
        assert sent.status_code == 201
    before = unchanged()
    for one in Post.objects.all():
        assert send(mona, "posts", f"{one.pk}/", {"action": action}) == INVALID
    assert unchanged() == before


@pytest.mark.parametrize("address", [ADDRESS, "127.0.0.1", "::1", "nonsense"])
def test_no_moderator_locks_oneself_out_by_an_address(send, mona, unchanged, address):
    if address == ADDRESS and send is not in_pages:
        address = "127.0.0.2"
    before = unchanged()
    assert send(mona, "blocks", "", {"address": address}) == INVALID
    assert unchanged() == before
