"""What the templates of every page need: assets, icons, addresses, form fields."""

from functools import cache
from urllib.parse import urljoin

from django import template
from django.conf import settings
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_vite.core.asset_loader import DjangoViteAssetLoader
from django_vite.core.exceptions import DjangoViteAssetNotFoundError

from ublog.core import request_ids

register = template.Library()

SPRITE = "src/assets/icons.svg"


@register.simple_tag
def asset(source: str) -> str:
    """The address of what Vite made of a source. "" when it is not built: an error page must
    not fail for want of a stylesheet."""
    try:
        return built(source)
    except DjangoViteAssetNotFoundError:
        return ""


@cache
def built(source: str) -> str:
    """Its address, which is looked up once: Vite's manifest is read once, too."""
    return str(DjangoViteAssetLoader.instance().generate_vite_asset_url(source))


@register.simple_tag
def icon(name: str, look: str = "") -> SafeString:
    """An icon of the sprite, which must come from the page's own origin."""
    sprite = static(SPRITE) if settings.VITE_PORT else asset(SPRITE)
    svg = '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"></use></svg>'
    return format_html(svg, look, sprite, name)


@register.simple_tag
def request_id() -> SafeString:
    """What to tell whoever runs the site: the log has it, too."""
    line = '<p class="text-quiet text-sm">Request <code>{}</code></p>'
    return format_html(line, request_ids.request_id())


@register.filter
def absolute(address: str) -> str:
    """The address as others may keep it: on the configured site, or where files are stored."""
    return urljoin(settings.SITE_URL, address)


@register.filter
def styled(field: BoundField, look: str) -> SafeString:
    """The input of a form's field, with these class names."""
    return field.as_widget(attrs={"class": look})
