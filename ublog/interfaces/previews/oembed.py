"""oEmbed: how other sites embed a post. https://oembed.com.

The HTML is text, links and a picture: no script and no frame, so nobody has to trust this site.
"""

from html import escape
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe

from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.core import site_settings
from ublog.interfaces.feeds import entries
from ublog.interfaces.http.links import absolute_reverse, absolute_url
from ublog.interfaces.http.members_only import unauthorized_for_visitors
from ublog.interfaces.previews.cards import preview_image

PAGES = {"app:post", "fbv:detail", "cbv:detail"}  # of a post
WIDTH = 550  # pixels, unless `maxwidth` is less
CACHE_AGE = 3600  # seconds: an edited or deleted post is gone from other sites after it


@require_safe
@unauthorized_for_visitors
def oembed(request: HttpRequest) -> HttpResponse:
    """Return how to embed the post whose page has the URL `url`, as JSON or XML."""
    post = find_post(request.GET.get("url", ""))
    response = embedding(post, max_width(request.GET.get("maxwidth")))
    match request.GET.get("format", "json"):
        case "json":
            return JsonResponse(response)
        case "xml":
            return xml_response(response)
    return HttpResponse("The formats are json and xml.", status=501, content_type="text/plain")


def max_width(value: str | None) -> int:
    """Return the width of the embedded post in pixels. Raise ValidationError."""
    if not value:
        return WIDTH
    if not (value.isascii() and value.isdigit() and 0 < len(value) < 6 and int(value)):
        raise ValidationError("maxwidth is a number of pixels.")
    return min(WIDTH, int(value))


def find_post(url: str) -> PostRow:
    """Return the published post that has its page at a URL of this site.

    Raise ValidationError without a URL, Http404 for another one, and Post.DoesNotExist.
    """
    if not url:
        raise ValidationError("Give the URL of a post as url.")
    site = absolute_url("/")
    path = url.removeprefix(site)
    try:
        match = resolve("/" + path.partition("#")[0].partition("?")[0])
    except Resolver404:
        raise Http404 from None
    if path == url or match.view_name not in PAGES:
        raise Http404
    post: PostRow = Post.objects.get_published_row(AnonymousUser(), match.kwargs["pk"])
    return post


def embedding(post: PostRow, width: int) -> dict[str, Any]:
    """Return the response parameters for a post (oEmbed, section 2.3.4)."""
    return {
        "version": "1.0",
        "type": "rich",
        "title": entries.title_of(post),
        **people(post),
        "cache_age": CACHE_AGE,
        "html": quotation(post, width),
        "width": width,
        "height": None,
        **thumbnail(post, width),
    }


def people(post: PostRow) -> dict[str, str]:
    """Return the author and the site."""
    name, url = entries.author_of(post)
    return {
        "author_name": name,
        **({"author_url": url} if url else {}),
        "provider_name": site_settings.current().name,
        "provider_url": absolute_reverse("app:home"),
    }


def quotation(post: PostRow, width: int) -> str:
    """Return the post as a quotation in HTML."""
    url, name = escape(entries.link_of(post)), escape(entries.author_of(post)[0])
    moment = post.created_on
    date = f'<time datetime="{moment:%Y-%m-%dT%H:%MZ}">{moment.day} {moment:%B %Y}</time>'
    content = entries.html_of(post, width)
    return (
        f'<blockquote cite="{url}">{content}<p>{name}, <a href="{url}">{date}</a></p></blockquote>'
    )


def thumbnail(post: PostRow, width: int) -> dict[str, Any]:
    """Return the picture, unless it is wider than the embedded post: clients take it as it is."""
    image = preview_image(post)
    if not post.image or not image.width or image.width > width:
        return {}
    size = {"thumbnail_width": image.width, "thumbnail_height": image.height}
    return {"thumbnail_url": image.url, **size}


def xml_response(parameters: dict[str, Any]) -> HttpResponse:
    """Return the response parameters as XML."""
    response = HttpResponse(content_type="text/xml; charset=utf-8")
    handler = SimplerXMLGenerator(response, "utf-8")
    handler.startDocument()
    handler.startElement("oembed", {})  # type: ignore[arg-type]
    for name, value in parameters.items():
        handler.addQuickElement(name, "" if value is None else str(value))
    handler.endElement("oembed")
    return response
