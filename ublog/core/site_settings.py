"""What an administrator changes in the browser, as pages, the app and mails show it.

Who may join and post is read by the actions themselves, by `SiteSettings.objects.in_effect`.
"""

import time

from django.db import DatabaseError

from ublog.core.models import SiteSettings

LIFETIME = 5.0  # seconds; also after another process has changed the settings
cached: tuple[float, SiteSettings] | None = None


def current() -> SiteSettings:
    """Return the settings in effect, read at most LIFETIME ago by this process.

    Without a database, which an error page must do without, return the last ones, or the defaults.
    """
    global cached
    now = time.monotonic()
    if cached is None or now >= cached[0] + LIFETIME:
        try:
            cached = now, SiteSettings.objects.in_effect()
        except DatabaseError:
            cached = now, cached[1] if cached else SiteSettings().overrule()
    return cached[1]


def forget() -> None:
    """Have the next call of `current` read the settings, which have changed."""
    global cached
    cached = None
