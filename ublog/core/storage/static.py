"""The storage of static files: compressed, under names that change with their content."""

import re
from typing import Any

import brotli  # type: ignore[import-untyped]
from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Vite has put a hash into these names already, and its files import each other by them.
NAMED_BY_VITE = re.compile(r"assets/[^/]+-[\w-]{8}\.\w+")


# Redoc loads its maker's logo from its maker's site, and has no option to switch that off.
REDOC = "drf_spectacular_sidecar/redoc/bundles/redoc.standalone."
FOREIGN_LOGO = b"https://cdn.redoc.ly/redoc/logo-mini.svg"
NO_LOGO = b"data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="


# Of brotli's 11 qualities the last two take ten times as long, for 9 % of the size. What is larger
# than this is not the app's: documentation and GraphiQL, a few of whose files would take 8 s.
LARGE = 200_000  # bytes


class QuickCompressor(Compressor):  # type: ignore[misc]
    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        compressed: bytes = brotli.compress(data, quality=9 if len(data) > LARGE else 11)
        return compressed


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    def _save(self, name: str, content: Any) -> str:
        """Store a file, Redoc's without that logo.

        Done here, since the hashed copy that is served is not made from what `save` has stored.
        """
        if name.startswith(REDOC):
            content.seek(0)
            content = ContentFile(content.read().replace(FOREIGN_LOGO, NO_LOGO))
        saved: str = super()._save(name, content)
        return saved

    def file_hash(self, name: str | None, content: Any = None) -> str | None:
        if name and NAMED_BY_VITE.fullmatch(name):
            return None
        hashed: str | None = super().file_hash(name, content)
        return hashed
