"""When the storage is full, every interface responds with a 507, and nothing is stored."""

import errno
import sqlite3

import pytest
from django.db import OperationalError

from ublog.blog.models import Post

MUTATION = 'mutation { createPost(body: "Hello") { errors { code } } }'
URLS = {
    "/fbv/posts/new/": {"body": "Hello"},
    "/cbv/posts/new/": {"body": "Hello"},
    "/api/fbv/posts/new/": {"body": "Hello"},
    "/api/cbv/posts/": {"body": "Hello"},
    "/graphql/": {"query": MUTATION},
}


def full_database() -> OperationalError:
    failure, cause = OperationalError("database or disk is full"), sqlite3.OperationalError()
    cause.sqlite_errorcode = sqlite3.SQLITE_FULL
    failure.__cause__ = cause
    return failure


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, "No space left on device"), full_database()],
    ids=["disk", "database"],
)
def test_a_full_storage_is_a_507(db, client, monkeypatch, url, failure):
    def save(*args, **options):
        raise failure

    monkeypatch.setattr(Post, "save", save)
    client.raise_request_exception = False
    kind = None if url.startswith(("/fbv", "/cbv")) else "application/json"
    options = {"content_type": kind} if kind else {}
    response = client.post(url, URLS[url], **options)
    assert response.status_code == 507
    content = response.content.decode()
    assert "no room left" in content or "STORAGE_FULL" in content
    assert not Post.objects.exists()
