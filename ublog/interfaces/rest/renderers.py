"""A JSON renderer by orjson: ten times as fast as the standard library, dates as RFC 3339."""

from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer

PLAIN = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class OrjsonRenderer(JSONRenderer):
    def render(
        self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None
    ) -> bytes:
        if data is None:
            return b""
        pretty = orjson.OPT_INDENT_2 if (renderer_context or {}).get("indent") else 0
        return orjson.dumps(data, default=str, option=PLAIN | pretty)
