"""Users see who else is a member, and what a member has published."""

import pytest
from django.db import connection
from django.db.models import OuterRef

from tests.contract.drivers import NotAuthenticated, soup
from tests.steps import work_of
from ublog.accounts.models import CustomUser
from ublog.blog.models import Post, PostLike
from ublog.blog.profiles import LIKED_POSTS, likes_of
from ublog.blog.states import PostState


@pytest.fixture
def members(interface, carol, person):
    person("ann")
    person("gone", is_active=False)
    person("bob")
    browser = interface()
    browser.log_in(carol.email)
    return browser.members


def test_the_newest_members_are_first(members):
    first, older = members()
    second, nothing = members(older)
    assert (first, second) == (["bob", "ann"], ["carol"])
    assert not nothing


def test_visitors_do_not_see_them(interface, carol):
    with pytest.raises(NotAuthenticated):
        interface().members()


@pytest.mark.parametrize("count", [1, 60])
def test_a_page_costs_the_same_however_many_members_there_are(
    carol, count, django_assert_max_num_queries
):
    people = [CustomUser(email=f"p{n}@example.org", username=f"p{n}") for n in range(count)]
    CustomUser.objects.bulk_create(people)
    with django_assert_max_num_queries(2):
        assert CustomUser.objects.members(carol, page_size=50).items


def test_a_search_on_the_page_finds_the_beginning_of_a_name(client, carol, person):
    person("ann")
    client.force_login(carol)
    found = soup(client.get("/accounts/users/?q=an")).select("[aria-label=Members] li")
    assert [item["data-username"] for item in found] == ["ann"]


def test_a_profile_says_how_many_posts_its_list_has(client, carol, bob):
    for author, fields in [(carol, {}), (carol, {"state": PostState.HELD}), (bob, {})]:
        post = Post.objects.create(created_by=author, body="Hello", **fields)
    Post.objects.create(created_by=carol, body="A reply", in_reply_to=post)
    assert client.get("/api/users/carol/").json()["post_count"] == 1
    query = {"query": '{ user(username: "carol") { postCount } }'}
    data = client.post("/graphql/", query, "application/json").json()["data"]
    assert data["user"]["postCount"] == 1
    page = soup(client.get("/accounts/users/carol/"))
    assert page.select_one(".posts").text == "1 post"


def test_a_profile_says_how_many_likes_its_posts_have(client, carol, bob, post):
    second = post(carol, in_reply_to=post(bob))
    for one in (post(carol), second, post(carol, state=PostState.HIDDEN), post(bob)):
        PostLike.objects.create(post=one, liked_by=bob)
    PostLike.objects.create(post=second, liked_by=carol)
    assert client.get("/api/users/carol/").json()["received_like_count"] == 3
    query = {"query": '{ user(username: "carol") { receivedLikeCount } }'}
    data = client.post("/graphql/", query, "application/json").json()["data"]
    assert data["user"]["receivedLikeCount"] == 3
    page = soup(client.get("/accounts/users/carol/"))
    assert page.select_one(".likes").text == "3 likes received"


def test_p22_the_likes_cost_no_more_than_those_of_a_thousand_posts(carol, bob):
    if connection.vendor != "sqlite":
        pytest.skip("counts the steps of SQLite")

    def steps(posts):
        Post.objects.bulk_create((Post(body="x", created_by=carol) for _ in range(posts)), 5_000)
        Post.objects.update(like_count=1)
        found = Post.objects.filter(created_by=OuterRef("pk"))
        users = CustomUser.objects.annotate(likes=likes_of(found)).filter(pk=carol.pk)
        assert users.get().likes == LIKED_POSTS
        return work_of(users.get).steps

    few = steps(LIKED_POSTS)
    assert steps(100_000 - LIKED_POSTS) <= 1.1 * few
