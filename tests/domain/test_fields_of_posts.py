"""What a new field of posts is easily forgotten in: see "How to add a field" in CONTRIBUTING.md."""

import pytest

from ublog.blog.archive_tasks import POST
from ublog.blog.models import Post
from ublog.blog.post_rows import NO_CONTENT


def test_a_deleted_or_hidden_post_has_nothing_that_its_author_wrote():
    assert set(Post.INPUT) <= set(NO_CONTENT)


def test_users_find_all_that_they_wrote_in_their_archive():
    assert set(Post.INPUT) <= set(POST)


@pytest.mark.parametrize("name", sorted(set(Post.INPUT) - {"image"}))
def test_a_post_that_differs_in_one_field_is_no_retry(name):
    first, other = Post(body="Hello"), Post(body="Hello")
    setattr(other, name, "en")
    assert first.fingerprint != other.fingerprint
