"""The sitemap for search engines: posts that are no replies, and their authors.

https://www.sitemaps.org/protocol.html
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap, views
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from ublog.blog.models import Post
from ublog.interfaces.http.links import site_host


class SiteSitemap(Sitemap[Any]):
    """A sitemap with the URLs of the configured site, whichever host was requested."""

    limit = 10_000  # URLs of a page; the protocol has 50,000, which would take seconds

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: Any = None) -> str:
        return site_host()

    def get_latest_lastmod(self) -> None:
        """Return None: the index would read all posts for it."""


class PostSitemap(SiteSitemap):
    """Posts, oldest first, so that a page that is full stays as it is."""

    def items(self) -> Any:
        return Post.objects.for_sitemap()

    def location(self, item: tuple[int, datetime]) -> str:
        return reverse("app:post", args=item[:1])

    def lastmod(self, item: tuple[int, datetime]) -> datetime:
        return item[1]


class AuthorSitemap(SiteSitemap):
    """Users who have published a post that is no reply."""

    def items(self) -> Any:
        return Post.objects.authors_for_sitemap()

    def location(self, item: str) -> str:
        return reverse("app:user", args=[item])


SITEMAPS: dict[str, type[Sitemap[Any]] | Sitemap[Any]] = {
    "posts": PostSitemap,
    "authors": AuthorSitemap,
}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Return the list of the sitemaps and their pages."""
    return views.index(request, SITEMAPS, sitemap_url_name="sitemap")


@require_safe
def sitemap(request: HttpRequest, section: str) -> HttpResponse:
    """Return a page of a sitemap. Raise Http404 for another one."""
    return views.sitemap(request, SITEMAPS, section)


urlpatterns = [
    path("sitemap.xml", index),
    path("sitemap-<slug:section>.xml", sitemap, name="sitemap"),
]
