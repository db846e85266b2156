"""The storage of messages such as "Your post is published", which a page shows once.

Each is one short sentence, so a cookie holds it, without a second storage for each request.
"""

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponseBase


class QuietCookieStorage(CookieStorage):
    """Django's storage, which sets a cookie only if there is something to store or to delete."""

    def update(self, response: HttpResponseBase) -> list[Any] | None:
        """Store new messages, or delete old ones; else leave the response as it is.

        Django would delete the cookie in every response, also for browsers without one.
        """
        if self.added_new or self.cookie_name in self.request.COOKIES:
            return super().update(response)
        return None
