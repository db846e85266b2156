"""What a user sees of posts, the same through all five interfaces."""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit

# What a user may set on a post, and the field of the post that says whether they have.
MARKS = {"like": "liked", "bookmark": "bookmarked"}


def nested(source: str, empty: str | None = None) -> Any:
    """Declare a field that is within another object of the APIs: `created_by.username`.

    It is `empty` when that object is null.
    """
    return field(metadata={"source": source, "empty": empty})


Segments = tuple[dict[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class PostRecord:
    """A post as one user sees it. `image` is the path of the image's URL.

    A field has the same name in JSON, in camel case in GraphQL, and as `data-field` in the pages. A
    new field is one line here. Its default is what a test expects that does not name it; a record
    that is read has every field.
    """

    id: int
    author: str | None = nested("created_by.username")
    body: str
    language: str | None = None
    image: str | None = nested("image.url")
    image_alt: str = nested("image.alt", empty="")
    like_count: int
    liked: bool = False
    bookmarked: bool = False
    can_edit: bool
    edited: bool
    # Not compared: test_segments.py is about them.
    segments: Segments = field(
        default=(), compare=False, metadata={"selection": "type text username tag url"}
    )
    in_reply_to: int | None = None
    reply_count: int = 0
    deleted: bool = False
    held: bool = False
    hidden: bool = False
    muted: bool = False
    # Not compared: test_states.py and test_rights.py are about it.
    can_delete: bool = field(default=False, compare=False)


FIELDS = fields(PostRecord)


@dataclass(frozen=True)
class Ancestors:
    """The posts that a post replies to; `top` is the id of the first one if it is further up."""

    posts: tuple[PostRecord, ...]
    top: int | None

    @property
    def ids(self) -> list[int]:
        return [post.id for post in self.posts]


@dataclass(frozen=True)
class Timeline:
    """A page of posts; `links` are what its driver follows to the older and the newer page."""

    driver: Any
    posts: tuple[PostRecord, ...]
    links: tuple[dict | str | None, dict | str | None]
    searched_to: str | None = None

    @property
    def ids(self) -> list[int]:
        return [post.id for post in self.posts]

    @property
    def bodies(self) -> list[str]:
        return [post.body for post in self.posts]

    def older(self) -> "Timeline | None":
        return self.driver.follow(self.links[0]) if self.links[0] else None

    def newer(self) -> "Timeline | None":
        return self.driver.follow(self.links[1]) if self.links[1] else None


@dataclass(frozen=True)
class NotificationRecord:
    """A notification as its user sees it; `actor` is a username, None for nobody's.

    One of a user has no post.
    """

    kind: str
    actor: str | None
    post: PostRecord | None
    other_count: int = 0
    unread: bool = True
    # Not compared: when, as the interface writes it.
    created_on: str = field(default="", compare=False)


@dataclass(frozen=True)
class Notifications:
    """A page of notifications; `link` is what its driver follows to the older page."""

    driver: Any
    items: tuple[NotificationRecord, ...]
    link: dict | str | None

    @property
    def short(self) -> list[tuple[str, str | None, int | None]]:
        """Return of each its kind, who it is from, and the id of its post."""
        return [(one.kind, one.actor, one.post and one.post.id) for one in self.items]

    def older(self) -> "Notifications | None":
        return self.driver.notifications_at(self.link) if self.link else None


def path_of(url: str | None) -> str | None:
    return urlsplit(url).path if url else None


def source_of(field: Field) -> tuple[str, str]:
    """Return the field's name in the APIs, and the name within that object or ""."""
    outer, _, inner = field.metadata.get("source", field.name).partition(".")
    return outer, inner


# -- JSON ------------------------------------------------------------------------------------


def from_json(post: Mapping[str, Any]) -> PostRecord:
    """Read a post by the names of its fields. Raise KeyError when one is missing."""
    values = {}
    for each in FIELDS:
        outer, inner = source_of(each)
        value = post[outer]
        if inner:
            value = each.metadata["empty"] if value is None else value[inner]
        values[each.name] = value
    return PostRecord(
        **values | {"image": path_of(values["image"]), "segments": present(values["segments"])}
    )


def notification_from_json(found: Mapping[str, Any]) -> NotificationRecord:
    actor = found["actor"] and found["actor"]["username"]
    values = {name: found[name] for name in ("kind", "other_count", "unread", "created_on")}
    post = found["post"] and from_json(found["post"])
    return NotificationRecord(actor=actor, post=post, **values)


def present(segments: list[Mapping[str, str | None]]) -> Segments:
    """Return segments without what each does not have: GraphQL has null for it."""
    return tuple({name: value for name, value in one.items() if value} for one in segments)


# -- GraphQL ---------------------------------------------------------------------------------


def snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def selection() -> str:
    """Return the selection set with all fields: `{id createdBy{username} body …}`."""
    selected: dict[str, str] = {}
    for each in FIELDS:
        outer, inner = source_of(each)
        inner = each.metadata.get("selection", inner)
        selected[outer] = f"{selected.get(outer, '')} {inner}".strip()
    parts = (camel(outer) + (f"{{{inner}}}" if inner else "") for outer, inner in selected.items())
    return f"{{{' '.join(parts)}}}"


def from_graphql(node: Mapping[str, Any]) -> PostRecord:
    values = {snake(name): value for name, value in node.items()}
    reply_to = node["inReplyTo"]
    return from_json(values | {"id": int(node["id"]), "in_reply_to": reply_to and int(reply_to)})


def notification_from_graphql(node: Mapping[str, Any]) -> NotificationRecord:
    values = {snake(name): value for name, value in node.items() if name != "post"}
    actor = values.pop("actor")
    post = node["post"] and from_graphql(node["post"])
    return NotificationRecord(actor=actor and actor["username"], post=post, **values)


# -- HTML ------------------------------------------------------------------------------------

# The value of an element with `data-field` is the first of these that it has, else its text.
ATTRIBUTES = ("data-value", "datetime", "aria-pressed", "src")
# From what the page has, or None when it has no such element.
FROM_HTML = {
    int: int,
    str: lambda value: value or "",
    bool: lambda value: value not in (None, "false"),
    str | None: lambda value: value,
    int | None: lambda value: value and int(value),
    Segments: lambda value: value,
}
# What an element of a segment has, and where: see jinja2/posts/text.html.
SEGMENTS = {
    "mention": ("username", "data-value"),
    "tag": ("tag", "data-value"),
    "link": ("url", "href"),
}


def html_value(element) -> str:
    return next((element[name] for name in ATTRIBUTES if element.has_attr(name)), element.text)


def segments_in(body) -> Segments:
    """Read the segments of a body: links of their kinds, and the text between them."""
    for mark in body.select("mark"):  # what was searched for
        mark.unwrap()
    body.smooth()
    found = []
    for child in body.children:
        if child.name is None:
            found.append({"type": "text", "text": str(child)})
            continue
        name, attribute = SEGMENTS[child["data-segment"]]
        found.append({"type": child["data-segment"], "text": child.text, name: child[attribute]})
    return tuple(found)


def from_html(article) -> PostRecord:
    """Read a post by its elements with `data-field`, `alt` of its image and `lang` of its text."""
    found = {"id": article["id"].removeprefix("post-")}
    if article.has_attr("data-muted"):
        found["muted"] = "true"
    if not article.select_one("[data-field=like_count]"):
        found["like_count"] = "0"  # a placeholder
    for element in article.select("[data-field]"):
        found[element["data-field"]] = html_value(element)
        if element["data-field"] == "body":
            found["segments"] = segments_in(element)
        if element.name == "img":
            found[f"{element['data-field']}_alt"] = element["alt"]
        if element.has_attr("lang"):
            found["language"] = element["lang"]
    values = {each.name: FROM_HTML[each.type](found.get(each.name)) for each in FIELDS}
    return PostRecord(**values | {"image": path_of(values["image"])})


def notification_from_html(element) -> NotificationRecord:
    actor = element.select_one("p [data-actor]")
    article = element.select_one("article.post")
    return NotificationRecord(
        kind=element["data-kind"],
        actor=actor and actor["data-actor"],
        post=article and from_html(article),
        other_count=int(element["data-other-count"]),
        unread=element["data-unread"] == "true",
        created_on=element["data-created-on"],
    )
