"""Requests and responses as text for the page, without anything that is secret."""

import json
import re

from django.conf import settings

from ublog.interfaces.compare.client import Response
from ublog.interfaces.compare.operations import PAGES
from ublog.interfaces.compare.requests import Request
from ublog.operations.dry_run import Login

MAX_LENGTH = 3_000  # characters of a body
# Values of hidden fields that prove something, in either order of the attributes.
HIDDEN = re.compile(r'(name="(?:csrfmiddlewaretoken|key)" value=")[^"]*')
# Of the headers, those that are new for each response, or that are cookies.
LEFT_OUT = {"Set-Cookie", "X-Request-ID", "Server-Timing"}
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def request_text(request: Request, interface: str, logged_in: bool) -> str:
    """Return the request as it is sent, with stars in place of what proves who sends it."""
    headers = dict(request.headers)
    if interface in PAGES:
        names = [settings.CSRF_COOKIE_NAME] if request.is_form else []
        names += [settings.SESSION_COOKIE_NAME] if logged_in else []
        if names:
            headers["Cookie"] = "; ".join(f"{name}=***" for name in names)
    elif logged_in:
        headers["Authorization"] = "Bearer ***"
    body = request.body(**({"csrfmiddlewaretoken": "***"} if request.is_form else {}))
    lines = [f"{request.method} {request.path}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\n".join([*lines, "", pretty(body)]).strip().replace("%2A%2A%2A", "***")


def body_text(response: Response, login: Login | None) -> str:
    """Return the body of a response: JSON indented, of HTML the part with the posts.

    The body of an unexpected error is not shown: a debug page has settings and paths.
    """
    if response.status >= 500:
        return "An unexpected error: the log of the server says more."
    body = pretty(response.body)
    if is_html(response):
        body = main_part(body)
    cut = f"\n… {len(body) - MAX_LENGTH:,} more characters" if len(body) > MAX_LENGTH else ""
    return mask(body[:MAX_LENGTH] + cut, login)


def is_html(response: Response) -> bool:
    return response.headers.get("Content-Type", "").startswith("text/html")


def language_of(response: Response) -> str:
    """Return the lexer of Pygments for the body."""
    return "html" if is_html(response) else "json"


def main_part(html: str) -> str:
    """Return a page without what all pages have: its head, header and footer."""
    start, end = html.find("<main"), html.rfind("</main>")
    part = html[start : end + 7] if 0 <= start < end else html
    return "\n".join(line for line in part.splitlines() if line.strip())


def pretty(text: str) -> str:
    """Return JSON with line breaks, and any other text as it is."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text


def shown_headers(response: Response) -> dict[str, str]:
    return {name: text for name, text in response.headers.items() if name not in LEFT_OUT}


def mask(text: str, login: Login | None) -> str:
    """Return the text without tokens, keys, e-mail addresses and paths of this machine."""
    text = EMAIL.sub("***", HIDDEN.sub(r"\1***", text))
    secrets = [str(settings.DATA_DIR), str(settings.BASE_DIR)]
    if login:
        secrets += [login.session_key, str(login.family.name)]
    for secret in secrets:
        text = text.replace(secret, "***")
    return text
