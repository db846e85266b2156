"""How many users and posts the site has, for programs that describe it to others."""

from typing import TypedDict

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post

KEEP = 300  # seconds: counting reads whole indexes


class SiteCounts(TypedDict):
    users: int
    posts: int


def count() -> SiteCounts:
    """Return the counts that everybody may know, at most KEEP old; 0 where members alone read."""
    found: SiteCounts | None = cache.get_or_set("site-counts", read, KEEP)
    return found or read()


def read() -> SiteCounts:
    """Count what a visitor sees."""
    posts = Post.objects.visible_to(AnonymousUser()).count()
    users = CustomUser.objects.filter(is_active=True).count() if posts else 0
    return {"users": users, "posts": posts}
