"""The product's settings without request log, headers, limits and timing, to measure their cost."""

from ublog.settings import *  # noqa: F403
from ublog.settings import MIDDLEWARE

LEFT_OUT = {
    "ublog.core.observability.middleware.request_context",
    "ublog.core.observability.middleware.log_requests",
    "django.middleware.security.SecurityMiddleware",
    "ublog.core.observability.middleware.content_security_policy",
    "ublog.interfaces.pages.site.query_count.QueryCountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
}
MIDDLEWARE = [name for name in MIDDLEWARE if name not in LEFT_OUT]
