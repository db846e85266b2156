"""Posts, users and notifications as the entities of Mastodon's API.

All fields are there: with null, 0 or [] where μblog has no such thing. What lists would have to
read in a second query, such as how many posts an author has, only a profile says.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any

from ublog.accounts.models import CustomUser
from ublog.accounts.pictures import squares
from ublog.blog import mentions
from ublog.blog.models import Post
from ublog.blog.post_rows import VIEWER_MARKS, Author, ImageInfo, PostRow, RenditionInfo
from ublog.core.viewers import Viewer
from ublog.interfaces.http.links import absolute_reverse, absolute_url
from ublog.interfaces.mastodon.content import content_of, html_of

UNKNOWN = "1970-01-01T00:00:00.000Z"  # a moment, which clients do not take null for
ANONYMOUS = "0"  # the id of the account of what nobody has signed
HELD, HIDDEN = "This post waits for a moderator.", "A moderator has hidden this post."
MARKS = [column.removeprefix("viewer_") for column in VIEWER_MARKS]
# What Mastodon calls each mark of the domain: the same, where it has no other word.
MARK_NAMES = {mark: mark for mark in MARKS} | {"like": "favourite"}
# Of a name that clients know: they show a letter, or nothing, in its place.
MISSING = "/api/v1/missing.png"


def moment(value: datetime) -> str:
    """Return a moment in UTC with milliseconds: some clients read nothing else."""
    return value.isoformat(timespec="milliseconds")[:-6] + "Z"


# -- Accounts ----------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def account_json(pk: int, username: str, name: str, avatar: str) -> dict[str, Any]:
    """Return what a list knows of the author of a post.

    Cached, since lists show the same authors again and again; nobody changes the result.
    """
    url = absolute_reverse("app:user", username) if pk else absolute_reverse("app:home")
    missing, faces = absolute_url(MISSING), squares(avatar)
    face = absolute_url(faces[-1]["url"]) if faces else missing
    return {
        "id": str(pk),
        "username": username,
        "acct": username,
        "display_name": name,
        "locked": False,
        "bot": False,
        "discoverable": True,
        "group": False,
        "created_at": UNKNOWN,
        "note": "",
        "url": url,
        "uri": url,
        **dict.fromkeys(("avatar", "avatar_static"), face),
        **dict.fromkeys(("header", "header_static"), missing),
        **dict.fromkeys(("followers_count", "following_count", "statuses_count"), 0),
        "last_status_at": None,
        "emojis": [],
        "fields": [],
        "roles": [],
    }


def anonymous_json() -> dict[str, Any]:
    """Return the account of what nobody has signed."""
    return account_json(0, "anonymous", "Anonymous", "")


def author_json(author: Author | CustomUser | None) -> dict[str, Any]:
    """Return the author of a post; the account 0 without one."""
    if author is None or author.pk is None:
        return anonymous_json()
    return account_json(author.pk, author.username, author.name, str(author.avatar))


def profile_json(user: Any) -> dict[str, Any]:
    """Return the account of a user, of whom everything is read; with `post_count`, if it is."""
    return author_json(user) | {
        "created_at": moment(user.date_joined),
        "note": html_of(user.bio_segments) if user.bio else "",
        "statuses_count": getattr(user, "post_count", 0),
    }


def own_json(user: Any) -> dict[str, Any]:
    """Return the account of the user of the token."""
    source = {"privacy": "public", "sensitive": False, "language": None, "note": user.bio}
    return profile_json(user) | {
        "source": source | {"fields": [], "follow_requests_count": 0},
        "role": {"id": "-99", "name": "", "permissions": "0", "color": "", "highlighted": False},
    }


NO_RELATION = (
    *("showing_reblogs", "notifying", "followed_by", "blocking", "blocked_by", "requested"),
    *("requested_by", "domain_blocking", "endorsed"),
)


def relationship_json(id: str, viewer: Viewer, muting: bool) -> dict[str, Any]:
    """Return what a user is for the viewer. Everybody follows everybody: that is the timeline."""
    return {
        "id": id,
        "following": id not in (ANONYMOUS, str(viewer.pk)),
        **dict.fromkeys(NO_RELATION, False),
        **dict.fromkeys(("muting", "muting_notifications"), muting),
        "languages": None,
        "note": "",
    }


# -- Statuses ----------------------------------------------------------------------------------


def status_json(post: Post | PostRow, viewer: Viewer) -> dict[str, Any]:
    """Return a post that the viewer may see."""
    url = absolute_reverse("app:post", post.pk)
    reply_to, image = post.in_reply_to_id, post.image_info
    return {
        "id": str(post.pk),
        "created_at": moment(post.created_on),
        "edited_at": moment(post.modified_on) if post.edited else None,
        "in_reply_to_id": None if reply_to is None else str(reply_to),
        "in_reply_to_account_id": None,
        "sensitive": post.state is not None,
        "spoiler_text": warning_of(post) if post.state is not None else "",
        "visibility": "public",
        "language": post.language or None,
        "uri": url,
        "url": url,
        "replies_count": post.reply_count,
        "reblogs_count": 0,
        "favourites_count": post.like_count,
        "reblogged": False,
        **{name: getattr(post, column) is not None for name, column in MARKED},
        "muted": post.muted_by(viewer),
        "pinned": False,
        "content": content_of(post.body, post.mentions),
        "account": author_json(post.created_by),
        "media_attachments": [media_json(post.pk, image)] if image else [],
        "mentions": mentions_json(post.mentions) if post.mentions else [],
        "tags": tags_json(post),
        **NOTHING,
    }


# Whether the viewer has set each mark, such as `favourited`, and the column that says so.
MARKED = [(f"{name.removesuffix('e')}ed", f"viewer_{mark}") for mark, name in MARK_NAMES.items()]
# What no post has.
NOTHING: dict[str, Any] = {
    **dict.fromkeys(("reblog", "application", "card", "poll")),
    "emojis": [],
    "filtered": [],
}


def warning_of(post: Post | PostRow) -> str:
    """Return what is shown above a post that is not published, to its author and to moderators."""
    return HELD if post.held else HIDDEN


def mentions_json(stored: str) -> list[dict[str, Any]]:
    """Return the users whom a post mentions, each once."""
    people = dict(mentions.load(stored).values())
    return [
        {
            "id": str(pk),
            "username": username,
            "acct": username,
            "url": absolute_reverse("app:user", username),
        }
        for pk, username in people.items()
    ]


def tags_json(post: Post | PostRow) -> list[dict[str, Any]]:
    """Return the hashtags of a post as they are written, each once."""
    tags = [part["tag"] for part in post.segments if part["type"] == "tag"]
    return [tag_json(tag) for tag in dict.fromkeys(tags)]


def tag_json(tag: str) -> dict[str, Any]:
    """Return a hashtag."""
    return {"name": tag, "url": absolute_reverse("app:tag", tag)}


def media_json(pk: int, image: ImageInfo) -> dict[str, Any]:
    """Return the picture of the post with this id."""
    small = image["renditions"][-1]
    return {
        "id": str(pk),
        "type": "image",
        "url": absolute_url(image["url"]),
        "preview_url": absolute_url(small["url"]),
        **dict.fromkeys(("remote_url", "preview_remote_url", "text_url", "blurhash")),
        "meta": {"original": size_json(image), "small": size_json(small)},
        "description": image["alt"] or None,
    }


def size_json(image: RenditionInfo) -> dict[str, Any]:
    """Return the size of a picture in pixels; nothing where it is not known."""
    width, height = image["width"], image["height"]
    if not (width and height):
        return {}
    size = {"width": width, "height": height, "size": f"{width}x{height}"}
    return size | {"aspect": width / height}
