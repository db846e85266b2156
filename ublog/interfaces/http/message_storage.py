"""What a page says once, such as "Your post is published": each is one short sentence, so a cookie
holds it, and no second storage has to be made for each request."""

from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpResponseBase


class QuietCookieStorage(CookieStorage):
    def update(self, response: HttpResponseBase) -> list[Any] | None:
        """Without Django's word to each browser, to forget messages that it has none of."""
        if self.added_new or self.cookie_name in self.request.COOKIES:
            return super().update(response)
        return None
