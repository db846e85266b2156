"""What there are feeds of: the site, an author, a tag. Each reads the domain by one method.

A feed is the same for everybody: it reads neither a session nor a token. On a site for members only
its URL has the key of a member (`accounts.feed_keys`).
"""

from dataclasses import dataclass
from typing import Unpack

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from ublog.accounts import feed_keys
from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.blog.querysets import PostFilters
from ublog.core import site_settings
from ublog.core.text_grammar import parse_tag
from ublog.core.viewers import Viewer
from ublog.interfaces.http.links import absolute_reverse

SIZE = 30  # posts of a feed


@dataclass(frozen=True)
class Feed:
    """The posts of a feed, newest first, and what it is of.

    `url` is the page that shows the same; `view` and `arguments` name the feed itself.
    """

    title: str
    url: str
    posts: list[PostRow]
    view: str
    arguments: tuple[str, ...] = ()
    key: str = ""

    def url_in(self, format: str) -> str:
        """Return the URL of this feed in that format."""
        url = absolute_reverse(f"feeds:{self.view}", *self.arguments, format)
        return f"{url}?key={self.key}" if self.key else url


def of_site(key: str = "") -> Feed:
    """Return the feed of all posts that are no replies."""
    posts = read(reader(key))
    return Feed(site_settings.current().name, absolute_reverse("app:home"), posts, "site", (), key)


def of_author(username: str, key: str = "") -> Feed:
    """Return the feed of an author's posts that are no replies. Raise CustomUser.DoesNotExist."""
    viewer = reader(key)
    posts = read(viewer, author=username)
    # An author who is suspended has posts, and no profile.
    author = posts[0].created_by if posts else None
    user = author or CustomUser.objects.get_by_username(username, viewer)
    title = f"{user.name} (@{user.username}) on {site_settings.current().name}"
    url = absolute_reverse("app:user", user.username)
    return Feed(title, url, posts, "author", (user.username,), key)


def of_tag(tag: str, key: str = "") -> Feed:
    """Return the feed of the posts with a tag, replies included. Raise Http404 for what is no
    tag."""
    name = parse_tag(tag)
    if name is None:
        raise Http404
    title = f"#{name} on {site_settings.current().name}"
    posts = read(reader(key), tag=name)
    return Feed(title, absolute_reverse("app:tag", name), posts, "tag", (name,), key)


def reader(key: str) -> Viewer:
    """Return the member with that key, or without one an anonymous user. Raise MembersOnly."""
    return feed_keys.get_member(key) if key else AnonymousUser()


def read(viewer: Viewer, **filters: Unpack[PostFilters]) -> list[PostRow]:
    """Return the posts of a feed. Raise MembersOnly for an anonymous viewer where that is so."""
    return Post.objects.timeline(viewer, page_size=SIZE, **filters).items
