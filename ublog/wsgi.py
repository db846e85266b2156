"""The WSGI callable that gunicorn serves."""

import logging
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from ublog.conf.checks import host_of

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ublog.settings")
application = get_wsgi_application()

if not settings.HTTPS and host_of(settings.SITE_URL) not in settings.LOCAL_HOSTS:
    logging.getLogger(__name__).warning(
        "%s is plain http: passwords and cookies can be read on the way.",
        settings.SITE_URL,
    )
