"""The requests that the bench sends: each operation through each interface."""

import json
import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

INTERFACES = {
    "fbv": "/fbv/posts/",
    "cbv": "/cbv/posts/",
    "rest-functions": "/api/fbv/posts/",
    "rest-viewset": "/api/cbv/posts/",
    "graphql": "/graphql/",
}
PAGES = ("fbv", "cbv")
OPERATIONS = ("list", "detail", "create", "edit", "delete", "like")
PREFIX = "ublog_8000_"  # of the cookies of the site in bench/servers.py
CSRF = "c" * 32  # a CSRF secret; Django takes it unmasked, too
POST_FIELDS = " fragment fields on Post{id body "
POST_FIELDS += "image{url width height alt renditions{url width height}} "
POST_FIELDS += (
    "createdBy{username displayName} createdOn modifiedOn edited likeCount liked canEdit}"
)
PAGE_INFO = "pageInfo{hasNextPage hasPreviousPage startCursor endCursor}"
QUERIES = {
    "list": "query($after:String){posts(after:$after)"
    "{edges{node{...fields}}" + PAGE_INFO + "}}" + POST_FIELDS,
    "detail": "query($id:ID!){post(id:$id){...fields}}" + POST_FIELDS,
    "create": "mutation($body:String!){createPost(body:$body)"
    "{post{...fields} errors{code}}}" + POST_FIELDS,
    "edit": "mutation($id:ID!,$body:String){updatePost(id:$id,body:$body)"
    "{post{...fields} errors{code}}}" + POST_FIELDS,
    "delete": "mutation($id:ID!){deletePost(id:$id){deletedId errors{code}}}",
    "like": "mutation($id:ID!){togglePostLike(id:$id){post{...fields} errors{code}}}" + POST_FIELDS,
}
# Method and the end of the URL, after the post's id.
REST_FUNCTIONS = {"edit": ("PATCH", "update/"), "delete": ("DELETE", "delete/")}
REST_VIEWSET = {"edit": ("PATCH", ""), "delete": ("DELETE", "")}


@dataclass(frozen=True)
class Person:
    """A user with an access token and a session key; anonymous without a token."""

    name: str = "anonymous"
    token: str = ""
    session: str = ""


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def raw(self) -> bytes:
        """Return the request as it is sent on a kept-alive connection."""
        content = self.body.encode()
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: 127.0.0.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if content:
            lines.append(f"Content-Length: {len(content)}")
        return "\r\n".join([*lines, "", ""]).encode() + content


@dataclass(frozen=True)
class Read:
    """Another read: who sends it, and its URL with the names of `inside.places` in braces."""

    target: str
    url: str
    who: str = "anonymous"

    def request(self, people: dict[str, Person], places: dict[str, Any]) -> Request:
        sender = people.get(self.who, Person())
        headers = {"Authorization": f"Bearer {sender.token}"} if sender.token else {}
        return Request("GET", self.url.format(**places), headers)


# Reads that are compared with a list, by the CPU that they take.
READS = {
    "search": Read("rest-functions", "/api/fbv/posts/?q=thought"),
    "search, nobody wrote it": Read("rest-functions", "/api/fbv/posts/?q=zebra"),
    "search, by an author": Read("rest-functions", "/api/fbv/posts/?q=zebra&author=writer"),
    "search, with a tag": Read("rest-functions", "/api/fbv/posts/?q=zebra&tag={tag}"),
    "feed again": Read("feeds", "/feeds/atom/"),
    "public timeline": Read("mastodon", "/api/v1/timelines/public?limit=20"),
    "home timeline": Read("mastodon", "/api/v1/timelines/home?limit=20", "reader_ten"),
}
# Reads that may not cost more where there are more rows, compared by time.
GROWING = {
    "conversation": Read("rest-functions", "/api/fbv/posts/{first_post}/replies/"),
    "conversation, last page": Read(
        "rest-functions", "/api/fbv/posts/{first_post}/replies/?cursor={last_replies}"
    ),
    "author": Read("rest-functions", "/api/fbv/posts/?author=writer"),
    "tag": Read("rest-functions", "/api/fbv/posts/?tag={tag}"),
    "notifications": Read("rest-functions", "/api/fbv/notifications/", "reader_many"),
    "unread count": Read("rest-functions", "/api/fbv/notifications/unread/", "reader_many"),
    "Mastodon's public timeline": READS["public timeline"],
    "Mastodon's home timeline": READS["home timeline"],
    "Mastodon's notifications": Read("mastodon", "/api/v1/notifications?limit=20", "reader_many"),
}


def check(request: Request, status: int, body: bytes) -> None:
    """Raise RuntimeError for an error; GraphQL's have status 200."""
    if status >= 400 or b'"errors":[{' in body:
        raise RuntimeError(f"{request.method} {request.path}: {status} {body[:300]!r}")


def ask(
    interface: str, operation: str, who: Person, id: int | None = None, cursor: str | None = None
) -> Request:
    """Return the request of an operation through an interface, or to a server with REST's URLs."""
    if interface == "graphql":
        return graphql(operation, who, id, cursor)
    if interface in PAGES:
        return page(INTERFACES[interface], operation, who, id, cursor)
    url = INTERFACES.get(interface, "/posts/")
    headers = {"Authorization": f"Bearer {who.token}"} if who.token else {}
    if operation == "list":
        return Request("GET", url + (f"?cursor={cursor}" if cursor else ""), headers)
    if operation == "detail":
        return Request("GET", f"{url}{id}/", headers)
    if operation == "like":
        return Request("POST", f"{url}{id}/like/", headers)
    headers = {**headers, "Content-Type": "application/json"}
    if operation == "create":
        end = "new/" if interface == "rest-functions" else ""
        return Request("POST", url + end, headers, json.dumps({"body": text()}))
    endings = REST_FUNCTIONS if interface == "rest-functions" else REST_VIEWSET
    method, end = endings[operation]
    body = json.dumps({"body": text()}) if operation == "edit" else ""
    return Request(method, f"{url}{id}/{end}", headers, body)


def page(root: str, operation: str, who: Person, id: int | None, cursor: str | None) -> Request:
    """Return what a browser sends; a form is sent without requesting its page first."""
    cookies = f"{PREFIX}csrftoken={CSRF}"
    cookies += f"; {PREFIX}sessionid={who.session}" if who.session else ""
    headers = {"Cookie": cookies} if who.session else {}
    if operation == "list":
        return Request("GET", root + (f"?cursor={cursor}" if cursor else ""), headers)
    if operation == "detail":
        return Request("GET", f"{root}{id}/", headers)
    path = f"{root}new/" if operation == "create" else f"{root}{id}/{operation}/"
    fields = {"csrfmiddlewaretoken": CSRF}
    if operation in ("create", "edit"):
        fields |= {"body": text(), "image_alt": ""}
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", path, headers, urlencode(fields))


def graphql(operation: str, who: Person, id: int | None, cursor: str | None) -> Request:
    variables: dict[str, Any] = {"after": cursor} if cursor else {}
    if id is not None:
        variables["id"] = str(id)
    if operation in ("create", "edit"):
        variables["body"] = text()
    headers = {"Content-Type": "application/json"}
    if who.token:
        headers["Authorization"] = f"Bearer {who.token}"
    body = json.dumps({"query": QUERIES[operation], "variables": variables})
    return Request("POST", INTERFACES["graphql"], headers, body)


def text() -> str:
    """Return a text that is seldom the same twice."""
    return f"A post of the bench, number {random.randrange(10**12)}, of an ordinary length."


def mixture(interface: str, who: Person, ids: list[int], number: int = 1000) -> list[Request]:
    """Return nine reads for each write, shuffled: lists and details; posts and likes."""
    kinds = ["list"] * 45 + ["detail"] * 45 + ["create"] * 5 + ["like"] * 5
    chosen = random.Random(1)
    return [
        ask(interface, kinds[n % 100], who, chosen.choice(ids))
        for n in chosen.sample(range(number), number)
    ]
