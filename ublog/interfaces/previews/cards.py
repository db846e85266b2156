"""What previews show of a post: its picture, and its data as JSON-LD."""

from typing import Any, NamedTuple

from django.conf import settings
from django.templatetags.static import static

from ublog.blog.decoder.sizes import PREVIEW_WIDTH, fit_width
from ublog.blog.post_rows import PostRow
from ublog.core import site_settings
from ublog.interfaces.feeds import entries
from ublog.interfaces.http.links import absolute_reverse, absolute_url
from ublog.interfaces.http.media_types import image_type

DEFAULT_IMAGE, DEFAULT_SIZE = "preview.jpg", (1200, 630)


class PreviewImage(NamedTuple):
    """A picture of a preview: the size and media type of the very file that `url` names."""

    url: str
    type: str
    width: int | None
    height: int | None
    alt: str


def preview_image(post: PostRow | None = None) -> PreviewImage:
    """Return the picture of a post, else that of the site: there is always exactly one.

    Without one, some programs take the first picture of the page, such as the face of somebody.
    """
    image = post.image_info if post else None
    if image is None:
        url = absolute_url(static(DEFAULT_IMAGE))
        return PreviewImage(url, "image/jpeg", *DEFAULT_SIZE, site_settings.current().name)
    alt = image["alt"] or f"Picture by {entries.author_of(post)[0]}"  # type: ignore[arg-type]
    url, width, height = image["url"], image["width"], image["height"]
    if width and height and (preview := post.image_preview):  # type: ignore[union-attr]
        url = f"{settings.MEDIA_URL}{preview}"
        width, height = fit_width(width, height, PREVIEW_WIDTH)
    return PreviewImage(absolute_url(url), image_type(url), width, height, alt)


def json_ld(post: PostRow) -> dict[str, Any]:
    """Return a post as a SocialMediaPosting: https://schema.org/SocialMediaPosting."""
    url = entries.link_of(post)
    posting = {
        "@context": "https://schema.org",
        "@type": "SocialMediaPosting",
        "@id": url,
        "url": url,
        "headline": entries.title_of(post),
        "text": post.body,
        "datePublished": post.created_on.isoformat(),
        "dateModified": post.modified_on.isoformat(),
        "author": json_ld_author(post),
        **json_ld_details(post),
    }
    return {name: value for name, value in posting.items() if value}


def json_ld_author(post: PostRow) -> dict[str, str]:
    """Return the author of a post as JSON-LD."""
    name, url = entries.author_of(post)
    person = {"@type": "Person", "name": name}
    return {**person, "url": url} if url else person


def json_ld_details(post: PostRow) -> dict[str, Any]:
    """Return what not every post has, empty where it has not, and its counts."""
    return {
        "inLanguage": post.language,
        "keywords": entries.tags_of(post),
        "image": json_ld_image(post),
        "isPartOf": post.in_reply_to_id and absolute_reverse("app:post", post.in_reply_to_id),
        "interactionStatistic": [
            json_ld_count("LikeAction", post.like_count),
            json_ld_count("CommentAction", post.reply_count),
        ],
    }


def json_ld_count(action: str, count: int) -> dict[str, Any]:
    """Return how often users have done something with a post, as JSON-LD."""
    kind = {"@type": "InteractionCounter", "interactionType": f"https://schema.org/{action}"}
    return {**kind, "userInteractionCount": count}


def json_ld_image(post: PostRow) -> dict[str, Any] | None:
    """Return the picture of a post as JSON-LD."""
    if not post.image:
        return None
    image = preview_image(post)
    size = {"width": image.width, "height": image.height}
    return {"@type": "ImageObject", "url": image.url, "caption": image.alt, **size}
