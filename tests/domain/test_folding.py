"""Posts of an earlier release are folded again, and are found before that, too."""

import pytest
from django.contrib.auth.models import AnonymousUser

from ublog.blog import tasks
from ublog.blog.models import Post
from ublog.core.models import OutboxEntry
from ublog.core.text import FOLDING, fold_as_before


@pytest.fixture
def older(post):
    """A function that stores a post as an earlier release did."""

    def make(body):
        made = post(None, body)
        Post.objects.filter(pk=made.pk).update(body_folded=fold_as_before(body), folding=None)
        return made

    return make


def found(q):
    return [row.pk for row in Post.objects.timeline(AnonymousUser(), q=q).items]


@pytest.mark.parametrize("q", ["café", "CAFÉ", "  İn", "two\nlines", "paris"])
def test_what_was_found_before_is_found_until_it_is_folded_again(older, q):
    given = older("İn a café,\nParis, two\nlines")
    assert found(q) == [given.pk]
    tasks.fold_posts()
    assert found(q) == [given.pk]


def test_a_post_that_is_folded_again_is_found_as_a_new_one(older, post):
    given, new = older("A café in Paris"), post(None, "Another café")
    assert found("cafe") == [new.pk]
    assert tasks.fold_posts() == 1
    assert found("cafe") == [new.pk, given.pk]
    assert tasks.fold_posts() == 0


def test_they_are_folded_in_batches_each_of_which_starts_the_next(older, monkeypatch):
    monkeypatch.setattr(tasks, "FOLDED_AT_ONCE", 2)
    posts = [older(f"Café {number}") for number in range(5)]
    assert tasks.fold_posts() == 2
    assert [(entry.task, entry.ids) for entry in OutboxEntry.objects.all()] == [
        ("ublog.blog.tasks.fold_posts", [posts[1].pk])
    ]
    assert tasks.fold_posts(posts[1].pk) == 2
    assert tasks.fold_posts(posts[3].pk) == 1
    assert OutboxEntry.objects.count() == 2
    assert set(Post.objects.values_list("folding", flat=True)) == {FOLDING}


def test_a_post_that_is_edited_during_it_is_left_as_it_is(older, monkeypatch):
    given = older("Café")
    folds = tasks.fold_for_search

    def edited(body):
        Post.objects.filter(pk=given.pk).update(body="Tea", body_folded="tea", folding=FOLDING)
        return folds(body)

    monkeypatch.setattr(tasks, "fold_for_search", edited)
    tasks.fold_posts()
    assert Post.objects.get(pk=given.pk).body_folded == "tea"
