"""What each interface shows its user after an operation, in the same form, to be compared."""

import json
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from ublog.interfaces.compare.client import Response
from ublog.interfaces.compare.operations import PAGES

Post = dict[str, Any]
FLAGS = ("edited", "can_edit", "can_delete")  # elements that are there or not
NUMBERS = ("like_count", "reply_count", "in_reply_to")
OUTCOMES = {400: "invalid", 403: "forbidden", 404: "not found", 410: "not found"}
OUTCOMES |= {401: "not authenticated", 409: "stale", 412: "stale", 429: "rate limited"}
CODES = {"INVALID": "invalid", "FORBIDDEN": "forbidden", "NOT_FOUND": "not found"}
CODES |= {"UNAUTHENTICATED": "not authenticated", "STALE": "stale", "GONE": "not found"}


@dataclass(frozen=True)
class Result:
    """How an operation ended, and the posts that its user sees then. None: not shown."""

    outcome: str
    posts: list[Post] | None


def outcome(interface: str, response: Response) -> str:
    """Return how the operation ended, in the words of the domain."""
    if response.status >= 500:
        return f"error {response.status}"
    if interface == "graphql" and (code := graphql_code(response)):
        return CODES.get(code, code.lower())
    if response.headers.get("Location", "").startswith("/accounts/login/"):
        return "not authenticated"
    return OUTCOMES.get(response.status, "done" if response.status < 400 else "error")


def graphql_code(response: Response) -> str | None:
    """Return the code of the first error; None without one."""
    found = parsed(response)
    payloads = [found, *(part for part in (found.get("data") or {}).values() if part)]
    for payload in payloads:
        for error in payload.get("errors") or ():
            return str(error.get("code") or error.get("extensions", {}).get("code"))
    return None


def posts(interface: str, response: Response) -> list[Post] | None:
    """Return the posts in a response; None if it shows none, such as a redirect."""
    if interface in PAGES:
        return html_posts(response.body)
    found = parsed(response)
    if interface == "graphql":
        return graphql_posts(found)
    if "results" in found:
        return [rest_post(post) for post in found["results"]]
    return [rest_post(found)] if "body" in found and "id" in found else None


def parsed(response: Response) -> dict[str, Any]:
    """Return the JSON object of a response; empty for anything else."""
    with suppress(ValueError):
        found = json.loads(response.body or "{}")
        return found if isinstance(found, dict) else {}
    return {}


# -- JSON --------------------------------------------------------------------------------------

PLAIN = ("id", "body", *FLAGS, *NUMBERS, "liked", "bookmarked")


def rest_post(post: Post) -> Post:
    author = post["created_by"]
    return {name: post[name] for name in PLAIN} | {"author": author and author["username"]}


def graphql_posts(found: dict[str, Any]) -> list[Post] | None:
    data = found.get("data") or {}
    if "posts" in data:
        return [graphql_post(edge["node"]) for edge in data["posts"]["edges"]]
    nodes = [data.get("post"), *((part or {}).get("post") for part in data.values())]
    return next(([graphql_post(node)] for node in nodes if node), None)


def graphql_post(post: Post) -> Post:
    reply, author = post["inReplyTo"], post["createdBy"]
    renamed = {snake(name): value for name, value in post.items()}
    renamed |= {"id": int(post["id"]), "in_reply_to": reply and int(reply)}
    return {name: renamed[name] for name in PLAIN} | {"author": author and author["username"]}


def snake(name: str) -> str:
    """Return a name of GraphQL as Python writes it."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


# -- HTML --------------------------------------------------------------------------------------


def html_posts(html: str) -> list[Post]:
    """Return the posts that a page shows as articles."""
    reader = ArticleReader()
    reader.feed(html)
    return reader.posts


class ArticleReader(HTMLParser):
    """Read the fields of posts where `data-field` marks them."""

    def __init__(self) -> None:
        super().__init__()
        self.posts: list[Post] = []
        self.reading = ""  # the field whose text is being read, and the element that ends it
        self.ends_with = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        name = found.get("data-field", "")
        if tag == "article" and found.get("id", "").startswith("post-"):
            self.posts.append(blank(int(found["id"].removeprefix("post-"))))
        elif self.posts and name:
            self.note(tag, name, found)

    def note(self, tag: str, name: str, found: dict[str, str]) -> None:
        """Note what the element of a field has in its attributes, or read its text."""
        post = self.posts[-1]
        if name in FLAGS:
            post[name] = True
        elif "aria-pressed" in found:
            post[name] = found["aria-pressed"] == "true"
        elif "data-value" in found and name in post:
            post[name] = int(found["data-value"]) if name in NUMBERS else found["data-value"]
        elif name in ("body", "like_count"):
            self.reading, self.ends_with = name, tag
            post[name] = ""

    def handle_data(self, data: str) -> None:
        if self.reading:
            self.posts[-1][self.reading] += data

    def handle_endtag(self, tag: str) -> None:
        if self.reading and tag == self.ends_with:
            if self.reading in NUMBERS:
                self.posts[-1][self.reading] = int(self.posts[-1][self.reading])
            self.reading = ""


def blank(post_id: int) -> Post:
    """Return a post before its elements are read: what a page leaves out is false, absent or 0."""
    flags = dict.fromkeys((*FLAGS, "liked", "bookmarked"), False)
    fields = {"author": None, "in_reply_to": None, "like_count": 0, "reply_count": 0}
    return {"id": post_id, "body": ""} | fields | flags
