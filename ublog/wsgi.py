"""The WSGI callable that gunicorn serves."""

import logging
import os
from urllib.parse import urlsplit

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ublog.settings")
application = get_wsgi_application()

if not settings.HTTPS and urlsplit(settings.SITE_URL).hostname not in settings.LOCAL_HOSTS:
    logging.getLogger(__name__).warning(
        "%s is plain http: whoever is on the way can read passwords and cookies.",
        settings.SITE_URL,
    )
