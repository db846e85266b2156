"""A user as others see them: `accounts` knows no posts."""

from typing import Any

from django.db.models import Case, F, IntegerField, OuterRef, Subquery, When

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.notifications import CountSubquery
from ublog.core.cursors import NEWEST_FIRST
from ublog.core.viewers import Viewer

MAX_POSTS = 10_000  # more are not counted
# The latest posts of a user, whose likes are counted: their rows are read, as no index has the
# number of likes, which would make each like cost more.
LIKED_POSTS = 1_000


class LikesSubquery(Subquery):
    """The sum of the likes of a query set that may be limited."""

    template = "(SELECT COALESCE(SUM(counted.counted_likes), 0) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def likes_of(posts: Any) -> LikesSubquery:
    """Return how many likes the latest LIKED_POSTS of these posts have, as an expression."""
    latest = posts.order_by(*NEWEST_FIRST)[:LIKED_POSTS]
    likes = Case(When(state=None, then=F("like_count")), default=0)
    return LikesSubquery(latest.annotate(counted_likes=likes).values("counted_likes"))


def get_profile(username: str, viewer: Viewer) -> Any:
    """Return the active user who has that username, or had it before, with two numbers.

    `post_count` is that of posts in the list of the user, without replies, at most MAX_POSTS: read
    from an index alone. `received_like_count` is that of likes of the latest LIKED_POSTS. Raise
    CustomUser.DoesNotExist, and MembersOnly for a viewer who may not read the site.
    """
    return with_counts().get_by_any_username(username, viewer)


def get_profile_by_id(id: str, viewer: Viewer) -> Any:
    """Return the active user with that id, as `get_profile` does."""
    return with_counts().get_by_id(id, viewer)


def get_own_profile(viewer: Viewer) -> Any:
    """Return the user that the viewer is, with the same numbers. Raise NotAuthenticated."""
    return with_counts().get_active(viewer)


def with_counts() -> Any:
    """Return the query set of users with `post_count` and `received_like_count`."""
    written = Post.objects.filter(created_by=OuterRef("pk"))
    posts = written.filter(state=None).starts().order_by().values("pk")
    counts: Any = {
        "post_count": CountSubquery(posts[:MAX_POSTS]),
        "received_like_count": likes_of(written),
    }
    return CustomUser.objects.annotate(**counts)
