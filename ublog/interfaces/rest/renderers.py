"""Renderers of responses, and which of them a client gets."""

from collections.abc import Iterable
from typing import Any

import orjson
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request

PLAIN = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class OrjsonRenderer(JSONRenderer):
    """Render JSON ten times as fast as the standard library does, with dates as RFC 3339."""

    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        pretty = orjson.OPT_INDENT_2 if (renderer_context or {}).get("indent") else 0
        return orjson.dumps(data, default=str, option=PLAIN | pretty)


class BrowsableRenderer(BrowsableAPIRenderer):
    """Render the browsable API, where a link of the comparison fills in a request."""

    template = "compare/browsable.html"


class Negotiation(DefaultContentNegotiation):
    """Choose the renderer as DRF does, but at once for the headers of nearly all programs."""

    # The last is that of axios.
    ACCEPT_JSON = ("*/*", JSONRenderer.media_type, "application/json, text/plain, */*")

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Return a renderer and the media type for it. Raise NotAcceptable."""
        is_json = request.META.get("HTTP_ACCEPT", "*/*") in self.ACCEPT_JSON
        usual, wanted = next(iter(renderers)), format_suffix or "format" in request.query_params
        if is_json and not wanted and usual.media_type == JSONRenderer.media_type:
            return usual, usual.media_type
        chosen: tuple[BaseRenderer, str] = super().select_renderer(
            request, renderers, format_suffix
        )
        return chosen
