"""Where there is no room left, every door says so, and nothing half-done stays."""

import errno
import sqlite3

import pytest
from django.db import OperationalError

from ublog.blog.models import Post

MUTATION = 'mutation { createPost(body: "Hello") { errors { code } } }'
DOORS = {
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


@pytest.mark.parametrize("address", DOORS)
@pytest.mark.parametrize(
    "failure",
    [OSError(errno.ENOSPC, "No space left on device"), full_database()],
    ids=["disk", "database"],
)
def test_a_full_storage_is_told_as_507(db, client, monkeypatch, address, failure):
    def save(*args, **options):
        raise failure

    monkeypatch.setattr(Post, "save", save)
    client.raise_request_exception = False
    kind = None if address.startswith(("/fbv", "/cbv")) else "application/json"
    options = {"content_type": kind} if kind else {}
    answer = client.post(address, DOORS[address], **options)
    assert answer.status_code == 507
    assert "no room left" in answer.content.decode() or "STORAGE_FULL" in answer.content.decode()
    assert not Post.objects.exists()
