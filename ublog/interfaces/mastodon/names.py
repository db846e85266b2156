"""Names and URLs as clients send them: of this site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from ublog.interfaces.http.links import site_host
from ublog.interfaces.mastodon.requests import ApiRequest


def local_name(request: ApiRequest, name: str) -> str:
    """Return the username in `@name@host`, if the host is this site; else the text as it is."""
    username, _, host = name.strip().removeprefix("@").partition("@")
    own = (request.http.get_host(), site_host())
    return username if host.lower() in own else name.strip()


def argument_in(url: str, view: str) -> str:
    """Return the argument of that view in a URL of this site: an id or a name; "" in another."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != settings.SITE_URL:
        return ""
    try:
        match = resolve(parts.path)
    except Resolver404:
        return ""
    return str(next(iter(match.kwargs.values()), "")) if match.view_name == view else ""
