"""Accounts: what Mastodon calls users."""

from typing import Any

from django.core.exceptions import ValidationError

from ublog.accounts import actions, reading
from ublog.accounts.models import CustomUser
from ublog.blog import mute_actions, profile_pictures, profiles
from ublog.blog.models import Post
from ublog.blog.mute_list import list_mutes
from ublog.blog.mutes import Mute
from ublog.core.ids import parse_id
from ublog.interfaces.mastodon.authentication import needs
from ublog.interfaces.mastodon.entities import (
    ANONYMOUS,
    anonymous_json,
    author_json,
    own_json,
    profile_json,
    relationship_json,
)
from ublog.interfaces.mastodon.errors import renamed
from ublog.interfaces.mastodon.names import local_name
from ublog.interfaces.mastodon.paging import limit_of, page_request
from ublog.interfaces.mastodon.requests import ApiRequest
from ublog.interfaces.mastodon.timelines import posts_response

MOST_FOUND = 40  # by a search that names no limit


@needs("read:accounts")
def verify_credentials(api: ApiRequest) -> Any:
    """Return the user of the token."""
    return own_json(profiles.get_own_profile(api.viewer))


@needs("write:accounts")
def update_credentials(api: ApiRequest) -> Any:
    """Change the profile. What is not sent stays."""
    has_avatar = api.has("avatar")
    change: Any = profile_pictures.set_avatar if has_avatar else actions.update_profile
    try:
        change(by=api.viewer, **profile_changes(api))
    except ValidationError as error:
        raise renamed(error) from None
    return verify_credentials(api)


def profile_changes(api: ApiRequest) -> Any:
    """Return the fields of a profile that were sent, as arguments of the actions. Those that
    profiles do not have here are ignored, but a picture for the header is an error."""
    if api.has("header"):
        raise ValidationError({"header": ["A profile has one picture here: the avatar."]})
    names = {"display_name": "display_name", "note": "bio"}
    changes: dict[str, Any] = {
        field: api.text(name) for name, field in names.items() if api.has(name)
    }
    return changes | ({"avatar": api.file("avatar")} if api.has("avatar") else {})


@needs("write:accounts")
def remove_avatar(api: ApiRequest) -> Any:
    """Remove the profile picture."""
    profile_pictures.set_avatar(by=api.viewer, avatar="")
    return verify_credentials(api)


@needs("read:accounts")
def lookup(api: ApiRequest) -> Any:
    """Return the user of a username."""
    return profile_json(profiles.get_profile(local_name(api, api.text("acct")), api.viewer))


@needs("read:accounts")
def show(api: ApiRequest, pk: str) -> Any:
    """Return a user by id."""
    if pk == ANONYMOUS:
        reading.check_may_read(api.viewer)
        return anonymous_json()
    return profile_json(profiles.get_profile_by_id(pk, api.viewer))


@needs("read:statuses")
def statuses(api: ApiRequest, pk: str) -> Any:
    """Return the posts of a user."""
    if api.flag("pinned"):
        return []
    posts = Post.objects.rows_for(api.viewer).by_author_id(pk)
    page = posts.timeline(
        replies="" if api.flag("exclude_replies") else "on",
        tag=api.text("tagged"),
        **page_request(api),
    )
    return posts_response(api, page)


@needs("read:accounts")
def search(api: ApiRequest) -> Any:
    """Return the users with a name that begins so."""
    return [author_json(user) for user in find(api)]


def find(api: ApiRequest) -> list[CustomUser]:
    """Return the users that the request searches for. Raise what the search raises."""
    name = local_name(api, api.text("q"))
    return CustomUser.objects.search(name, api.viewer, limit_of(api, MOST_FOUND))


@needs("read:follows")
def relationships(api: ApiRequest) -> Any:
    """Return what these users are for the viewer."""
    ids = api.texts("id")[:100]
    muted = Mute.objects.muted_users(ids, api.viewer)
    known = [id for id in ids if id == ANONYMOUS or parse_id(id)]
    return [relationship_json(id, api.viewer, parse_id(id) in muted) for id in known]


@needs("write:mutes")
def mute(api: ApiRequest, pk: str) -> Any:
    """Mute a user."""
    if api.text("duration", "0") != "0":
        raise ValidationError({"duration": ["A mute ends when you end it."]})
    user = CustomUser.objects.get_by_id(pk, api.viewer)
    return relationship_json(
        pk, api.viewer, mute_actions.mute_user(username=user.username, by=api.viewer)
    )


@needs("write:mutes")
def unmute(api: ApiRequest, pk: str) -> Any:
    """Show the posts of a user again."""
    user = CustomUser.objects.get_by_id(pk, api.viewer)
    return relationship_json(
        pk, api.viewer, mute_actions.unmute_user(username=user.username, by=api.viewer)
    )


@needs("read:mutes")
def mutes(api: ApiRequest) -> Any:
    """Return the users whom the viewer mutes, the newest first."""
    return [author_json(mute.user) for mute in list_mutes(api.viewer) if mute.user]
