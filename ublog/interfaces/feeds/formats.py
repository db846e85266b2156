"""The three formats of a feed: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1.

The XML is written by Django's own generators, with entries of our own: Django's Atom has no
`updated` and no author of an entry, which RFC 4287 requires, and has the body as its summary.
"""

from datetime import datetime
from typing import Any

import orjson
from django.utils import feedgenerator
from django.utils.feedgenerator import rfc2822_date, rfc3339_date

from ublog.blog.post_rows import PostRow
from ublog.core.cursors import EPOCH
from ublog.interfaces.feeds import entries
from ublog.interfaces.feeds.sources import Feed

DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"


class PostsMixin:
    """A feed of Django's whose items are posts."""

    items: list[dict[str, Any]]

    def latest_post_date(self) -> datetime:
        """Return when the latest post was published or edited; without one a date that stays."""
        dates = [item["post"].modified_on for item in self.items]
        return max(dates, default=EPOCH)


class RssFeed(PostsMixin, feedgenerator.RssFeed):
    """RSS 2.0: https://www.rssboard.org/rss-profile."""

    _version = "2.0"

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), "xmlns:dc": DUBLIN_CORE}

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write the elements of an item."""
        post, add = item["post"], handler.addQuickElement
        add("title", entries.title_of(post))
        add("link", entries.link_of(post))
        add("guid", entries.id_of(post), {"isPermaLink": "false"})
        add("dc:creator", entries.author_of(post)[0])
        add("pubDate", rfc2822_date(post.created_on))
        add("description", entries.html_of(post))
        if file := entries.enclosure_of(post):
            attributes = {"url": file.url, "length": str(file.length), "type": file.type}
            add("enclosure", None, attributes)
        for tag in entries.tags_of(post):
            add("category", tag)


class AtomFeed(PostsMixin, feedgenerator.Atom1Feed):
    """Atom, with what it requires of an entry."""

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Write the elements of an entry."""
        post, add = item["post"], handler.addQuickElement
        add("id", entries.id_of(post))
        add("title", entries.title_of(post))
        add("link", None, {"rel": "alternate", "href": entries.link_of(post)})
        add("published", rfc3339_date(post.created_on))
        add("updated", rfc3339_date(post.modified_on))
        self.add_author(handler, *entries.author_of(post))
        add("content", entries.html_of(post), {"type": "html"})
        if file := entries.enclosure_of(post):
            length, rel = str(file.length), "enclosure"
            add("link", None, {"rel": rel, "href": file.url, "type": file.type, "length": length})
        for tag in entries.tags_of(post):
            add("category", None, {"term": tag})

    def add_author(self, handler: Any, name: str, url: str | None) -> None:
        """Write who wrote an entry."""
        handler.startElement("author", {})
        handler.addQuickElement("name", name)
        if url:
            handler.addQuickElement("uri", url)
        handler.endElement("author")


def xml(generator: type[Any], feed: Feed, url: str) -> bytes:
    """Return a feed in a format of Django's generators."""
    made = generator(feed.title, feed.url, f"Posts: {feed.title}", feed_url=url)
    for post in feed.posts:
        made.add_item(None, "", None, post=post)
    return str(made.writeString("utf-8")).encode()


def rss(feed: Feed, url: str) -> bytes:
    """Return a feed as RSS; `url` is its own."""
    return xml(RssFeed, feed, url)


def atom(feed: Feed, url: str) -> bytes:
    """Return a feed as Atom; `url` is its own."""
    return xml(AtomFeed, feed, url)


def json(feed: Feed, url: str) -> bytes:
    """Return a feed as JSON Feed; `url` is its own. https://www.jsonfeed.org/version/1.1/."""
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": feed.url,
            "feed_url": url,
            "items": [json_item(post) for post in feed.posts],
        }
    )


def json_item(post: PostRow) -> dict[str, Any]:
    """Return a post as an item of JSON Feed."""
    name, page = entries.author_of(post)
    return {
        "id": entries.id_of(post),
        "url": entries.link_of(post),
        "content_html": entries.html_of(post),
        "date_published": post.created_on,
        "date_modified": post.modified_on,
        "authors": [{"name": name, "url": page} if page else {"name": name}],
        **{name: value for name, value in optional_members(post).items() if value},
    }


def optional_members(post: PostRow) -> dict[str, Any]:
    """Return the members of an item that are left out where they are empty."""
    file = entries.enclosure_of(post)
    attachment = file and {"url": file.url, "mime_type": file.type, "size_in_bytes": file.length}
    return {
        "language": post.language,
        "tags": entries.tags_of(post),
        "attachments": attachment and [attachment],
    }
