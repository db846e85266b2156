"""The product's settings without what watches and guards each request: what do these cost?"""

from ublog.settings import *  # noqa: F403
from ublog.settings import MIDDLEWARE

LEFT_OUT = {
    "ublog.core.middleware.caller",
    "ublog.core.middleware.logged",
    "django.middleware.security.SecurityMiddleware",
    "ublog.core.middleware.content_security_policy",
    "ublog.interfaces.pages.cost.measured",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
}
MIDDLEWARE = [name for name in MIDDLEWARE if name not in LEFT_OUT]
