"""JSON by orjson: strict, and no depth of nesting is an error of ours."""

from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class OrjsonParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        # A request's `body`, unlike its `read`, refuses more than DATA_UPLOAD_MAX_MEMORY_SIZE.
        content = stream.body if hasattr(stream, "body") else stream.read()
        try:
            return orjson.loads(content)
        except ValueError as mistake:
            raise ParseError(f"This is not JSON: {mistake}") from None
