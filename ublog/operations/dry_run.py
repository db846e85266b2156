"""Dry runs: requests in a transaction that is rolled back, and users and posts for them.

After a dry run the database is as before; only sequences may have advanced. Mails, tasks and files
are not sent, started or deleted, since all that waits for the commit. Limits, the request log and
metrics look at `ublog.core.dry_run`.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, transaction
from django.utils.crypto import get_random_string

from ublog.accounts import token_families
from ublog.accounts.models import CustomUser, TokenFamily
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.core import dry_run, limits
from ublog.core.exceptions import RateLimited
from ublog.core.viewers import Viewer

SECONDS = 0.5  # of a run: on SQLite nobody else writes during it
LOCK = 7_243_866_101_122_513  # of PostgreSQL, for the machines of a site: any number
BUSY = "Another run of the comparison is not finished."


class Clock:
    """The time of one run."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def has_room(self, seconds: float) -> bool:
        """Return whether something that takes so long would end in time."""
        return time.monotonic() - self.started + seconds < SECONDS


@contextmanager
def rolled_back(by: Viewer) -> Iterator[Clock]:
    """Run the block in a dry run, which yields its clock.

    Raise RateLimited where the viewer or the site has had too many, or while another one runs.
    """
    with alone():
        limits.spend("compare", by)
        limits.spend("compare_site", of="site")
        with transaction.atomic():
            lock_site()
            try:
                with quiet():
                    yield Clock()
            finally:
                transaction.set_rollback(True)


@contextmanager
def quiet() -> Iterator[None]:
    """Count no limit and log no request in the block."""
    token = dry_run.active.set(True)
    try:
        yield
    finally:
        dry_run.active.reset(token)


@contextmanager
def alone() -> Iterator[None]:
    """Run the block alone on this machine. Raise RateLimited while another one runs."""
    file = os.open(settings.DATA_DIR / "compare.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        lock(file)
        yield
    finally:
        os.close(file)


def lock(file: int) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise RateLimited(1, BUSY) from None


def lock_site() -> None:
    """On PostgreSQL, which serves several machines, lock out the others until the transaction
    ends. Raise RateLimited if one of them is in a run."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise RateLimited(1, BUSY)


@contextmanager
def undone() -> Iterator[None]:
    """Undo what the block does, within a dry run: the next one finds the same."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


# -- Who and what a dry run is about -----------------------------------------------------------


@dataclass(frozen=True)
class Login:
    """A user who is logged in by a session and by tokens."""

    user: CustomUser
    session_key: str
    family: TokenFamily


def make_user(name: str) -> CustomUser:
    """Store a made-up user, who exists only in this dry run."""
    username = f"{name}_{get_random_string(6, 'abcdefghjkmnpqrstuvwxyz')}"
    email = f"{username}@example.org"
    return CustomUser.objects.create_user(
        email, username=username, display_name=f"A made-up {name}"
    )


def log_in(user: CustomUser) -> Login:
    """Log the user in by a session and by tokens, as a login does."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    family = token_families.start(user=user, session_key=session.session_key)
    return Login(user, session.session_key, family)


def make_post(by: CustomUser) -> Post:
    """Publish a made-up post of that user."""
    return actions.publish(by=by, body="A made-up post")


def make_stale(post: Post, by: CustomUser) -> str:
    """Edit a post of that user, and return the version that it had before."""
    version = post.version
    actions.edit(post_id=post.pk, by=by, body="A made-up post, edited")
    return version
