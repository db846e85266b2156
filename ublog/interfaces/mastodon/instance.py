"""What apps and directories ask about the site before anybody logs in: none of it is private."""

from functools import cache
from typing import Any

from django.templatetags.static import static

from ublog.blog import images, site_counts
from ublog.blog.decoder.sizes import MAX_PIXELS
from ublog.blog.fields import MAX_ALT
from ublog.blog.models import MAX_BODY
from ublog.core import site_settings
from ublog.core.models import SiteSettings
from ublog.core.request_size import MAX_IMAGE
from ublog.interfaces.http.links import absolute_reverse, absolute_url, site_host
from ublog.interfaces.mastodon.requests import ApiRequest
from ublog.operations.backups.directory import version

# Apps decide by these three numbers what a site can do. From 4.3 on they expect more.
COMPATIBLE = "4.2.0"
LANGUAGES = ["en", "de"]  # of the texts of the site itself
NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2.0"
CONFIGURATION: dict[str, Any] = {
    "accounts": {"max_featured_tags": 0, "max_pinned_statuses": 0},
    "statuses": {
        "max_characters": MAX_BODY,
        "max_media_attachments": 1,
        "characters_reserved_per_url": 23,  # apps want a number; here a URL has its own length
    },
    "media_attachments": {
        "supported_mime_types": list(images.CONTENT_TYPES),
        "description_limit": MAX_ALT,
        "image_size_limit": MAX_IMAGE,
        "image_matrix_limit": MAX_PIXELS,
        **dict.fromkeys(("video_size_limit", "video_frame_rate_limit", "video_matrix_limit"), 0),
    },
    "polls": {
        **dict.fromkeys(("max_options", "max_characters_per_option"), 0),
        **dict.fromkeys(("min_expiration", "max_expiration"), 0),
    },
    "translation": {"enabled": False},
}
ONE_SITE = {"domain_count": 1}
NO_CONTACT = {"email": "", "contact_account": None, "urls": {"streaming_api": None}}
NO_STREAMS = {"urls": {"streaming": None}, "vapid": {"public_key": ""}}


@cache
def mastodon_version() -> str:
    """Return the version in the notation by which apps recognize what is compatible."""
    return f"{COMPATIBLE} (compatible; μblog {version()})"


def version_1(request: ApiRequest) -> Any:
    """Return the site as Mastodon's earlier apps ask for it."""
    site, counts = site_settings.current(), site_counts.count()
    return {
        **in_both(site),
        "uri": site_host(),  # programs store their logins under it
        "short_description": site.welcome,
        "stats": {"user_count": counts["users"], "status_count": counts["posts"]} | ONE_SITE,
        "thumbnail": thumbnail(),
        **registrations(site),
        "invites_enabled": site.who_may_invite == SiteSettings.WhoMayInvite.MEMBERS,
        "configuration": CONFIGURATION,
        **NO_CONTACT,
    }


def version_2(request: ApiRequest) -> Any:
    """Return the site as Mastodon's apps ask for it since 4.0."""
    site = site_settings.current()
    return {
        **in_both(site),
        "domain": site_host(),
        "source_url": "",
        "usage": {"users": {"active_month": site_counts.count()["users"]}},
        "thumbnail": {"url": thumbnail(), "blurhash": None, "versions": {}},
        "icon": [],
        "configuration": NO_STREAMS | CONFIGURATION,
        "registrations": registrations_2(site),
        "contact": {"email": "", "account": None},
    }


def in_both(site: SiteSettings) -> dict[str, Any]:
    """Return what both versions have."""
    return {
        "title": site.name,
        "description": site.welcome,
        "version": mastodon_version(),
        "languages": LANGUAGES,
        "rules": rules_of(site),
    }


def registrations(site: SiteSettings) -> dict[str, bool]:
    """Return whether people without an invitation may join."""
    choices = (SiteSettings.WhoMayJoin.OPEN, SiteSettings.WhoMayJoin.APPROVAL)
    return {
        "registrations": site.who_may_join in choices,
        "approval_required": site.joins_on_approval,
    }


def registrations_2(site: SiteSettings) -> dict[str, Any]:
    """Return the same for version 2."""
    may_join = registrations(site)
    return {
        "enabled": may_join["registrations"],
        "approval_required": may_join["approval_required"],
        "message": None,
        "url": absolute_reverse("app:register"),
    }


def rules(request: ApiRequest) -> Any:
    """Return the rules of the site."""
    return rules_of(site_settings.current())


def rules_of(site: SiteSettings) -> list[dict[str, str]]:
    """Return each line of the rules as one, as apps show them."""
    lines = filter(None, map(str.strip, site.rules.splitlines()))
    return [{"id": str(n), "text": line, "hint": ""} for n, line in enumerate(lines, 1)]


def thumbnail() -> str:
    """Return the URL of the picture of the site."""
    return absolute_url(static("preview.jpg"))


# -- NodeInfo: https://nodeinfo.diaspora.software ----------------------------------------------


def nodeinfo_links(request: ApiRequest) -> Any:
    """Say where the description of the site is."""
    return {"links": [{"rel": NODEINFO, "href": absolute_url("/nodeinfo/2.0")}]}


def nodeinfo(request: ApiRequest) -> Any:
    """Describe the site and its software, which exchanges posts with no other site."""
    site, counts = site_settings.current(), site_counts.count()
    return {
        "version": "2.0",
        "software": {"name": "ublog", "version": version()},
        "protocols": [],
        "services": {"inbound": [], "outbound": ["atom1.0", "rss2.0"]},
        "openRegistrations": site.who_may_join == SiteSettings.WhoMayJoin.OPEN,
        "usage": {"users": {"total": counts["users"]}, "localPosts": counts["posts"]},
        "metadata": {"nodeName": site.name, "nodeDescription": site.welcome},
    }
