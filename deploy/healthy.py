"""Exit with status 0 if the site in this container is ready, as nginx requests it."""

import os
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

site = urlsplit(os.environ.get("UBLOG_SITE_URL") or "http://127.0.0.1:8000")
connection = HTTPConnection("127.0.0.1", 8000, timeout=4)
headers = {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
connection.request("GET", "/health/web/", headers=headers)
sys.exit(connection.getresponse().status != 200)
