"""What a client of each interface sends for an operation."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from ublog.interfaces.compare.operations import INTERFACES, PAGES, Operation, Verb

# What a client of GraphQL selects of a post: what the pages show of it.
POST = (
    "id body createdBy { username } edited likeCount liked bookmarked replyCount inReplyTo "
    "canEdit canDelete"
)
ERRORS = "errors { code field message }"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
MARKS = {"like": "liked", "bookmark": "bookmarked"}


@dataclass(frozen=True)
class Request:
    """A request without what proves who sends it. `fields` are those of the form, or of JSON."""

    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_form(self) -> bool:
        return self.headers.get("Content-Type") == FORM["Content-Type"]

    def body(self, **more: str) -> str:
        """Return the body, with more fields of a form."""
        if self.is_form:
            return urlencode(more | self.fields)
        return json.dumps(self.fields, ensure_ascii=False) if self.fields else ""


def build(
    operation: Operation, interface: str, post_id: int, version: str | None = None
) -> Request:
    """Return the request of an operation through an interface, about that post.

    `version` is the one that the client has seen; None for any.
    """
    builder: Builder = page if interface in PAGES else graphql if interface == "graphql" else rest
    return builder(operation, interface, str(post_id), version)


def read(interface: str, post_id: int) -> Request:
    """Return the request that reads that post."""
    return build(READ, interface, post_id)


READ = Operation("", "read", "", (), ())
LIST = Operation("", "list", "", (), ())
Builder = Callable[[Operation, str, str, str | None], Request]


def content(operation: Operation, post_id: str, reply: str = "in_reply_to") -> dict[str, str]:
    """Return what the author writes."""
    fields = {"body": operation.body} if operation.body else {}
    return fields | ({reply: post_id} if operation.is_reply else {})


def page(operation: Operation, interface: str, post_id: str, version: str | None) -> Request:
    """Return what a browser sends: it reads a page, or sends a form."""
    root, verb = INTERFACES[interface].root, operation.verb
    if verb in ("list", "read"):
        return Request("GET", root if verb == "list" else f"{root}{post_id}/")
    fields = content(operation, post_id)
    if verb in MARKS:
        fields = {MARKS[verb]: "yes"}
    if version:
        fields["version"] = version
    end = "new/" if verb == "publish" else f"{post_id}/{verb}/"
    return Request("POST", root + end, fields, FORM)


# The method, and the end of the URL in the API of functions and in that of the view set.
REST_URLS: dict[Verb, tuple[str, str, str]] = {
    "list": ("GET", "", ""),
    "read": ("GET", "{}/", "{}/"),
    "publish": ("POST", "new/", ""),
    "edit": ("PATCH", "{}/update/", "{}/"),
    "delete": ("DELETE", "{}/delete/", "{}/"),
    "like": ("PUT", "{}/like/", "{}/like/"),
    "bookmark": ("PUT", "{}/bookmark/", "{}/bookmark/"),
}


def rest(operation: Operation, interface: str, post_id: str, version: str | None) -> Request:
    """Return what a client of the API sends."""
    method, of_functions, of_view_set = REST_URLS[operation.verb]
    end = of_functions if interface == "rest-functions" else of_view_set
    fields = content(operation, post_id)
    headers = dict(JSON) if fields else {}
    if version:
        headers["If-Match"] = f'"{version}"'
    return Request(method, INTERFACES[interface].root + end.format(post_id), fields, headers)


PAYLOAD = f"{{ post {{ {POST} }} {ERRORS} }}"
DOCUMENTS: dict[Verb, str] = {
    "list": f"{{ posts {{ edges {{ node {{ {POST} }} }} pageInfo {{ endCursor }} }} }}",
    "read": f"query Read($id: ID!) {{ post(id: $id) {{ {POST} }} }}",
    "publish": "mutation Publish($body: String!, $inReplyTo: ID) "
    f"{{ createPost(body: $body, inReplyTo: $inReplyTo) {PAYLOAD} }}",
    "edit": "mutation Edit($id: ID!, $body: String!, $version: String) "
    f"{{ updatePost(id: $id, body: $body, version: $version) {PAYLOAD} }}",
    "delete": f"mutation Delete($id: ID!) {{ deletePost(id: $id) {{ deletedId {ERRORS} }} }}",
    "like": f"mutation Like($id: ID!) {{ likePost(id: $id) {PAYLOAD} }}",
    "bookmark": f"mutation Bookmark($id: ID!) {{ bookmarkPost(id: $id) {PAYLOAD} }}",
}


def graphql(operation: Operation, interface: str, post_id: str, version: str | None) -> Request:
    """Return what a client of GraphQL sends."""
    variables = content(operation, post_id, reply="inReplyTo")
    if operation.verb not in ("list", "publish"):
        variables["id"] = post_id
    if version:
        variables["version"] = version
    fields: Any = {"query": DOCUMENTS[operation.verb], "variables": variables}
    return Request("POST", INTERFACES[interface].root, fields, dict(JSON))
