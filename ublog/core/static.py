"""How static files are stored: compressed, under names that change with their content."""

import re
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Vite has hashed these names, and its files call each other by them.
NAMED_BY_VITE = re.compile(r"assets/[^/]+-[\w-]{8}\.\w+")


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def file_hash(self, name: str | None, content: Any = None) -> str | None:
        if name and NAMED_BY_VITE.fullmatch(name):
            return None
        hashed: str | None = super().file_hash(name, content)
        return hashed
