"""A post as an entry of a feed: HTML, title, id, picture. All URLs are absolute.

HTML is made from the segments that the domain delivers; nothing here parses what users write.
"""

from html import escape
from textwrap import shorten
from typing import NamedTuple
from uuid import UUID, uuid5

from django.template.defaultfilters import truncatechars

from ublog.blog import files
from ublog.blog.decoder.sizes import MAX_SIDE, fit_width
from ublog.blog.post_rows import ImageInfo, PostRow
from ublog.core.text_grammar import Segment
from ublog.interfaces.http.links import absolute_reverse, absolute_url
from ublog.interfaces.http.media_types import image_type

# Changing it would show every post to every reader again.
NAMESPACE = UUID("6f2b7f6e-54c5-4f6c-9d0b-7a3f1f0c2e41")
TITLE = 60  # characters


class Enclosure(NamedTuple):
    """A stored file: its URL, media type, and length in bytes."""

    url: str
    type: str
    length: int


def id_of(post: PostRow) -> str:
    """Return an id that stays when the post is edited, its author renamed, or the site moved.

    A permalink has the site's host, and a `tag:` URI needs one.
    """
    return uuid5(NAMESPACE, f"{post.pk} {post.created_on.isoformat()}").urn


def link_of(post: PostRow) -> str:
    """Return the post's own URL."""
    return absolute_reverse("app:post", post.pk)


def title_of(post: PostRow) -> str:
    """Return the first words of a post, which has no title.

    Readers make one of the URL's last part, such as "7"."""
    title = shorten(post.body, TITLE, placeholder="…")
    return title if title != "…" else truncatechars(post.body, TITLE)  # one long word


def author_of(post: PostRow) -> tuple[str, str | None]:
    """Return the author's name and page, which an anonymous post does not have."""
    author = post.created_by
    if author is None:
        return "Anonymous", None
    return author.name, absolute_reverse("app:user", author.username)


def tags_of(post: PostRow) -> list[str]:
    """Return the tags in a post, as they are written, each once."""
    return list(dict.fromkeys(part["tag"] for part in post.segments if part["type"] == "tag"))


def html_of(post: PostRow, width: int = MAX_SIDE) -> str:
    """Return the whole post as HTML, its picture at most `width` pixels wide."""
    language = f' lang="{escape(post.language)}"' if post.language else ""
    text = "".join(map(segment_html, post.segments))
    return f'<p dir="auto"{language}>{text}</p>{image_html(post.image_info, width)}'


def segment_html(part: Segment) -> str:
    """Return a segment as HTML."""
    text = escape(part["text"]).replace("\n", "<br>\n")
    match part["type"]:
        case "mention":
            url = absolute_reverse("app:user", part["username"])
        case "tag":
            url = absolute_reverse("app:tag", part["tag"])
        case "link":
            url = part["url"]
        case _:
            return text
    return f'<a href="{escape(url)}" rel="nofollow ugc noopener">{text}</a>'


def image_html(image: ImageInfo | None, width: int) -> str:
    """Return an image as HTML, with its description; empty without one."""
    if image is None:
        return ""
    url, alt = escape(absolute_url(image["url"])), escape(image["alt"])
    size = ""
    if image["width"] and image["height"]:
        size = ' width="{}" height="{}"'.format(*fit_width(image["width"], image["height"], width))
    return f'<p><img src="{url}" alt="{alt}"{size}></p>'


def enclosure_of(post: PostRow) -> Enclosure | None:
    """Return the picture of a post as it is stored; None without one."""
    image = post.image_info
    if image is None:
        return None
    length = files.cached_size(str(post.image))
    return Enclosure(absolute_url(image["url"]), image_type(image["url"]), length)
