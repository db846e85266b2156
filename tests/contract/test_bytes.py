"""How many bytes a page of twenty posts has in each interface, before any compression.

Texts and names have one length, so that what exceeds the budget is the interface's own.
"""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.contract.drivers import GraphQL
from ublog.blog.models import Post

POSTS, BODY = 20, "x" * 100
# Measured on 2026-11-30, with segments, replies, bookmarks, states and mutes, and a tenth more.
BUDGET = {
    "/api/fbv/posts/": 13_600,
    "/api/cbv/posts/": 13_600,
    "/fbv/posts/": 43_000,
    "/cbv/posts/": 43_000,
}


@pytest.fixture
def twenty(alice):
    moments = [timezone.now() - timedelta(minutes=n) for n in range(POSTS)]
    posts = [Post(created_by=alice, body=BODY, created_on=m, modified_on=m) for m in moments]
    Post.objects.bulk_create(posts)


@pytest.mark.parametrize(("address", "most"), BUDGET.items(), ids=BUDGET)
def test_a_page_of_posts_weighs_no_more_than_its_budget(twenty, address, most):
    response = Client().get(address)
    # JSON has each body as a text, and as segments.
    assert response.content.count(BODY.encode()) == POSTS * (2 if "/api/" in address else 1)
    assert len(response.content) <= most


def test_graphql_sends_only_what_is_selected(twenty):
    driver, sent = GraphQL(), []
    post = driver.client.post
    driver.client.post = lambda *args, **options: sent.append(post(*args, **options)) or sent[-1]
    assert len(driver.timeline().posts) == POSTS
    assert len(sent[-1].content) <= 12_400
