"""URLs for clients that do not know where they have a text from."""

from functools import lru_cache
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.urls import get_script_prefix, reverse


def site_host() -> str:
    """Return the host of the configured site, with its port."""
    return urlsplit(settings.SITE_URL).netloc


def absolute_url(path: str) -> str:
    """Return the path as a URL of the configured site. A URL of the file storage stays."""
    return urljoin(settings.SITE_URL, path)


def absolute_reverse(name: str, *arguments: object) -> str:
    """Return the URL of a view, with the host of the configured site."""
    return cached_reverse(settings.SITE_URL, get_script_prefix(), name, *arguments)


@lru_cache(maxsize=4096)
def cached_reverse(site: str, prefix: str, name: str, *arguments: object) -> str:
    """Return what `absolute_reverse` does: cached, since a feed has a hundred of them.

    The prefix is what `reverse` puts before the path; it is part of the cache's key.
    """
    return urljoin(site, reverse(name, args=arguments))
