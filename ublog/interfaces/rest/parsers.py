"""A JSON parser by orjson: strict, and safe for JSON of any depth."""

from typing import IO, Any

import orjson
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser


class OrjsonParser(BaseParser):
    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: Any = None, parser_context: Any = None) -> Any:
        # `request.body`, unlike `request.read()`, keeps to DATA_UPLOAD_MAX_MEMORY_SIZE.
        content = stream.body if hasattr(stream, "body") else stream.read()
        try:
            return orjson.loads(content)
        except ValueError as error:
            raise ParseError(f"JSON parse error - {error}") from None
