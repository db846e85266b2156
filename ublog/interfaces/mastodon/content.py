"""The text of a post as HTML, made of the segments that the domain delivers.

Nothing here parses what users write. A mark in what one writes is escaped.
"""

from functools import lru_cache
from html import escape

from ublog.blog.post_rows import cached_segments
from ublog.core.text_grammar import Segment, has_signs
from ublog.interfaces.http.links import absolute_reverse

LINK = '<a href="{}" target="_blank" rel="nofollow noopener">{}</a>'
MENTION = '<span class="h-card" translate="no"><a href="{}" class="u-url mention">{}</a></span>'
TAG = '<a href="{}" class="mention hashtag" rel="tag">{}</a>'


def content_of(body: str, mentions: str | None) -> str:
    """Return a body as HTML, with its paragraphs and lines."""
    return linked(body, mentions) if has_signs(body) else paragraphs(escape(body))


@lru_cache(maxsize=512)
def linked(body: str, mentions: str | None) -> str:
    """Return a body with links as HTML. Cached, since lists show the same posts again and again."""
    return html_of(cached_segments(body, mentions))


def html_of(segments: list[Segment]) -> str:
    """Return segments as HTML."""
    return paragraphs("".join(map(segment_html, segments)))


def paragraphs(html: str) -> str:
    """Return lines of HTML as paragraphs, which an empty line separates; "" for nothing."""
    if "\n" in html:
        html = html.replace("\n\n", "</p><p>").replace("\n", "<br>")
    return html and f"<p>{html}</p>"


def segment_html(part: Segment) -> str:
    """Return a segment as HTML."""
    text = escape(part["text"])
    match part["type"]:
        case "mention":
            url = absolute_reverse("app:user", part["username"])
            return MENTION.format(escape(url), f"{text[0]}<span>{text[1:]}</span>")
        case "tag":
            url = absolute_reverse("app:tag", part["tag"])
            return TAG.format(escape(url), f"{text[0]}<span>{text[1:]}</span>")
        case "link":
            return LINK.format(escape(part["url"]), text)
    return text
