"""A site with something in it, an empty site to restore into, and the words to compare them."""

import os
import shutil
from contextlib import contextmanager
from datetime import UTC, datetime

import psycopg
import pytest
from django.db import connection, connections
from django.test import override_settings

from tests.compiled import forget_compiled
from tests.pictures import picture
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.tasks import render
from ublog.core.models import OutboxEntry, RequestLog
from ublog.operations.backups import rows

ODD_MOMENT = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)


@pytest.fixture
def site(transactional_db, no_limits, alice, bob, settings, tmp_path):
    """People, posts, a picture with its renditions, likes, a waiting task, and gaps in the ids."""
    settings.BACKUP_DIR = tmp_path / "backups"
    actions.delete(post_id=actions.publish(by=alice, body="Gone").pk, by=alice)
    post = actions.publish(
        by=alice, body="Grüße, 世界 🎉", image=picture((1300, 20)), image_alt="A square"
    )
    render(post.pk)
    actions.publish(by=bob, body="Plain")
    for person in (alice, bob):
        actions.like(post_id=post.pk, by=person)
    Post.objects.filter(pk=post.pk).update(created_on=ODD_MOMENT)
    OutboxEntry.objects.create(task="nothing", ids=[1, 2], due=None, error="It failed")
    RequestLog.objects.create(
        date=ODD_MOMENT, method="GET", path="/", status=200, duration=1.5, remote_address="::1"
    )
    return post


def contents(of=None):
    """Every value of every row, as Python sees it."""
    of = of or connection
    return {
        model._meta.db_table: sorted(model._base_manager.using(of.alias).values_list(), key=repr)
        for model in rows.tables(of)
    }


@contextmanager
def elsewhere(kind: str, directory):
    """The same code with another, empty database of that kind, and an empty storage."""
    before, name = dict(connections.settings["default"]), f"ublog_keep_{os.getpid()}"
    server = os.environ.get("UBLOG_TEST_POSTGRES_URL", "").rpartition("/")[0]
    if kind == "postgresql" and not server:
        pytest.skip("PostgreSQL is not tested in this run")
    directory.mkdir()
    with override_settings(MEDIA_ROOT=directory / "media", DATA_DIR=directory):
        url = f"sqlite:///{directory}/ublog.sqlite3"
        if kind == "postgresql":
            url = f"{server}/{name}"
            run(server, f"CREATE DATABASE {name}")
        point_to(url, before, directory)
        forget_compiled()
        try:
            yield
        finally:
            forget_compiled()
            connection.close()
            del connections["default"]
            connections.settings["default"] = before
            if kind == "postgresql":
                run(server, f"DROP DATABASE {name} WITH (FORCE)")
            shutil.rmtree(directory)


def point_to(url, before, directory):
    from ublog.conf.service_urls import database

    connection.close()
    del connections["default"]
    connections.settings["default"] = {**before, "OPTIONS": {}, **database(url, directory)}


def run(server, statement):
    with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
        administrator.execute(statement)
