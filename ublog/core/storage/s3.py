"""Files in a private bucket of an S3-compatible storage, served by this site itself.

So images are served with our headers, and no page names another site. Needs the extra `s3`.
"""

from urllib.parse import quote

from django.conf import settings
from storages.backends.s3 import S3Storage


class PrivateS3Storage(S3Storage):  # type: ignore[misc]  # django-storages has no types
    def url(self, name: str) -> str:
        return f"{settings.MEDIA_URL}{quote(name)}"
