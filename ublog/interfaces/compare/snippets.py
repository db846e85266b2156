"""Requests to copy: curl for a shell, fetch for the console of a browser, GraphQL for GraphiQL.

They work when they are pasted. The first lines log in, with the account of who pastes them.
"""

import json
import shlex
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from graphql import parse, print_ast

from ublog.interfaces.compare.client import CSRF
from ublog.interfaces.compare.operations import INTERFACES, PAGES, Operation, Verb
from ublog.interfaces.compare.requests import Request

ME = """EMAIL=${EMAIL:-you@example.org} PASSWORD=${PASSWORD:-"your password"}
"""
# A token for five minutes, and no cookie.
BEARER = """TOKEN=$(curl -s $SITE/api/auth/token/ -H 'Content-Type: application/json' \\
  -d "{\\"email\\": \\"$EMAIL\\", \\"password\\": \\"$PASSWORD\\", \\"cookies\\": false}" |
  python3 -c 'import json, sys; print(json.load(sys.stdin)["access"])')
"""
# The forms of a session have a CSRF token, which is also in a cookie.
SESSION = """JAR=$(mktemp)
csrf() { awk '$6 ~ /csrftoken$/ {print $7}' "$JAR"; }
curl -s -o /dev/null -c "$JAR" $SITE/accounts/login/
curl -s -o /dev/null -b "$JAR" -c "$JAR" $SITE/accounts/login/ -H "Origin: $SITE" \\
  --data-urlencode username="$EMAIL" --data-urlencode password="$PASSWORD" \\
  -d csrfmiddlewaretoken="$(csrf)"
"""
PRIVATE = """// In a private window, where you are not logged in:
"""
CSRF_SCRIPT = """const page = await (await fetch("/accounts/login/")).text()
const token = /csrfmiddlewaretoken" value="(\\w+)"/.exec(page)[1]
"""


@dataclass(frozen=True)
class Snippet:
    """A text to copy. `language` is that of a lexer of Pygments."""

    title: str
    language: str
    text: str


def snippets(request: Request, interface: str, logged_in: bool) -> list[Snippet]:
    """Return the request in each form in which it can be pasted."""
    made = [
        Snippet("curl", "bash", curl(request, interface, logged_in)),
        Snippet("fetch", "javascript", fetch(request, interface, logged_in)),
    ]
    if interface == "graphql":
        document, variables = document_of(request)
        made.append(Snippet("GraphQL", "graphql", document))
        made.append(Snippet("Variables", "json", variables))
    return made


def document_of(request: Request) -> tuple[str, str]:
    """Return the document of a request of GraphQL and its variables, with line breaks."""
    fields: dict[str, Any] = dict(request.fields)
    return print_ast(parse(fields["query"])), json.dumps(fields["variables"], indent=2)


def curl(request: Request, interface: str, logged_in: bool) -> str:
    """Return the commands of a shell, with those that log in."""
    start = f"SITE={settings.SITE_URL}\n"
    if logged_in:
        start += ME + (SESSION if interface in PAGES else BEARER)
    parts = [f"curl -i {'-X ' + request.method + ' ' if needs_method(request) else ''}"]
    parts[0] += f"$SITE{request.path}"
    return start + " \\\n  ".join([*parts, *proof(request, interface, logged_in), *data(request)])


def needs_method(request: Request) -> bool:
    """Return whether curl would choose another method: it sends a POST with a body, else a GET."""
    return request.method != ("POST" if request.fields else "GET")


def proof(request: Request, interface: str, logged_in: bool) -> list[str]:
    """Return the options of curl that prove who sends the request."""
    if interface not in PAGES:
        return ['-H "Authorization: Bearer $TOKEN"'] if logged_in else []
    if logged_in:
        form = ['-d csrfmiddlewaretoken="$(csrf)"'] if request.is_form else []
        return ['-b "$JAR"', '-H "Origin: $SITE"', *form]
    if request.is_form:
        cookie = f"-b {settings.CSRF_COOKIE_NAME}={CSRF}"
        return [cookie, '-H "Origin: $SITE"', f"-d csrfmiddlewaretoken={CSRF}"]
    return []


def data(request: Request) -> list[str]:
    """Return the options of curl for the headers and the body."""
    if request.is_form:
        return [f"--data-urlencode {shlex.quote(f'{k}={v}')}" for k, v in request.fields.items()]
    headers = [f"-H {shlex.quote(f'{k}: {v}')}" for k, v in request.headers.items()]
    return [*headers, *([f"-d {shlex.quote(request.body())}"] if request.fields else [])]


def fetch(request: Request, interface: str, logged_in: bool) -> str:
    """Return JavaScript for the console of a page of this site: it has the session of the user.

    An API reads no session without cookies. The form of a page needs the cookie of its CSRF token.
    """
    headers = {name: json.dumps(value) for name, value in request.headers.items()}
    options = {} if logged_in or interface in PAGES else {"credentials": '"omit"'}
    if request.method != "GET":
        options["method"] = json.dumps(request.method)
        if request.is_form:
            headers, options["body"] = {}, form_body(request.fields)
        else:
            headers["X-CSRFToken"] = "token"
            options |= {"body": f"JSON.stringify({request.body()})"} if request.fields else {}
    start = "" if logged_in or interface not in PAGES else PRIVATE
    return start + script(request, headers, options)


def form_body(fields: dict[str, Any]) -> str:
    """Return the body of a form with these fields and the CSRF token, in JavaScript."""
    others = f", {json.dumps(fields)[1:-1]}" if fields else ""
    return f"new URLSearchParams({{csrfmiddlewaretoken: token{others}}})"


def script(request: Request, headers: dict[str, str], options: dict[str, str]) -> str:
    if headers:
        pairs = ", ".join(f"{json.dumps(name)}: {value}" for name, value in headers.items())
        options = options | {"headers": f"{{{pairs}}}"}
    lines = "".join(f"  {name}: {value},\n" for name, value in options.items())
    more = f", {{\n{lines}}}" if options else ""
    start = CSRF_SCRIPT if "token" in more else ""
    call = f"const response = await fetch({json.dumps(request.path)}{more})\n"
    return f"{start}{call}console.log(response.status, await response.text())"


# -- Open in … --------------------------------------------------------------------------------

# The end of the name of an operation in the OpenAPI document, by API.
OPENAPI: dict[Verb, tuple[str, str]] = {
    "list": ("list", "list"),
    "read": ("retrieve", "retrieve"),
    "publish": ("new_create", "create"),
    "edit": ("update_partial_update", "partial_update"),
    "delete": ("delete_destroy", "destroy"),
    "like": ("like_update", "like_update"),
    "bookmark": ("bookmark_update", "bookmark_update"),
}


@dataclass(frozen=True)
class Link:
    title: str
    url: str


def links(operation: Operation, interface: str, request: Request, post_id: int) -> list[Link]:
    """Return where the request can be tried out on this site."""
    root = INTERFACES[interface].root
    if interface == "graphql":
        document, variables = document_of(request)
        pairs = {"query": document, "variables": variables}
        return [Link("GraphiQL", f"{root}#{filled(pairs)}")]
    if interface in PAGES:
        is_page = request.method == "GET" or operation.verb not in ("like", "bookmark")
        return [Link("the page", request.path if is_page else f"{root}{post_id}/")]
    return rest_links(operation, interface, request, post_id)


def rest_links(operation: Operation, interface: str, request: Request, post_id: int) -> list[Link]:
    """Return the links to Swagger UI and the browsable API, which fill in the request."""
    style = 0 if interface == "rest-functions" else 1
    tag = ("fbv", "cbv")[style]
    body = {"body": json.dumps(request.fields, ensure_ascii=False)} if request.fields else {}
    version = request.headers.get("If-Match")
    values = {"id": str(post_id)} if f"/{post_id}/" in request.path else {}
    values |= ({"If-Match": version} if version else {}) | body
    swagger = f"/api/docs/#/{tag}/{tag}_posts_{OPENAPI[operation.verb][style]}/{filled(values)}"
    sent = filled({"method": request.method, **body})
    browsable = request.path + (f"#{sent}" if request.method != "GET" else "")
    return [Link("Swagger", swagger), Link("the browsable API", browsable)]


def filled(values: dict[str, str]) -> str:
    """Return values as the part of a URL after the #."""
    return "&".join(f"{name}={quote(text, safe='')}" for name, text in values.items())
