"""P7: how many queries each verb needs: few, and no more when there is more to show."""

import pytest

from tests.contract.drivers import Pages
from tests.contract.verbs import verbs
from ublog.blog.models import Post, PostLike


@pytest.fixture
def fill(person, post):
    """A function that adds posts of as many authors, each liked by a number of people."""

    def add(posts: int, likes: int):
        already = Post.objects.count()
        people = [person(f"person_{already}_{n}") for n in range(max(posts, likes))]
        for author in people[:posts]:
            given = post(author, image="pictures/ab/cd.png", image_width=3, image_height=2)
            given_likes = [PostLike(post=given, liked_by=one) for one in people[:likes]]
            PostLike.objects.bulk_create(given_likes)

    return add


def test_a_list_costs_one_query(interface, fill, cost):
    fill(posts=15, likes=4)
    assert cost(interface().timeline) == 1
    assert cost(interface().timeline, q="post", author="person_0_1") == 1


@verbs()
def test_a_verb_costs_few_queries(interface, alice, post, cost, decoded, verb):
    id = post(None if verb.others else alice).pk
    for user in (alice,) if verb.login else (alice, None):
        driver = interface(user)
        driver.token()
        for _ in range(1 if verb.once else 2):
            assert cost(verb.act, driver, id) <= verb.may_query(interface)


@verbs(lambda verb: verb.queries == 1 and not verb.login)
def test_a_list_and_a_post_cost_one_query(interface, alice, post, cost, verb):
    id = post(alice).pk
    session = 2 if issubclass(interface, Pages) else 0
    assert cost(verb.act, interface(), id) == verb.may_query(interface) - session
    assert cost(verb.act, interface(alice), id) == verb.may_query(interface)


@pytest.mark.parametrize("logged_in", [False, True], ids=["anonymous", "alice"])
def test_a_list_costs_the_same_with_more_posts_authors_and_likes(
    interface, alice, fill, cost, logged_in
):
    fill(posts=3, likes=1)
    driver = interface(alice if logged_in else None)
    few = cost(driver.timeline, page_size=50)
    fill(posts=30, likes=30)
    assert cost(driver.timeline, page_size=50) == few <= 5


@verbs(lambda verb: verb.of_post and not verb.author)
def test_a_post_costs_the_same_with_more_likes(interface, alice, person, post, cost, verb):
    driver, id = interface(alice), post().pk

    def twice() -> None:  # a toggle has two different steps
        verb.act(driver, id)
        verb.act(driver, id)

    # One like: a list of none costs one query more, which looks for the post.
    PostLike.objects.create(post_id=id, liked_by=person("first"))
    twice()
    few = cost(twice)
    people = [person(f"person_{number}") for number in range(30)]
    PostLike.objects.bulk_create(PostLike(post_id=id, liked_by=one) for one in people)
    assert cost(twice) == few
