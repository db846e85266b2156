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
def verify_credentials(request: ApiRequest) -> Any:
    """Return the user of the token."""
    return own_json(profiles.get_own_profile(request.viewer))


@needs("write:accounts")
def update_credentials(request: ApiRequest) -> Any:
    """Change the profile. What is not sent stays."""
    has_avatar = request.has("avatar")
    change: Any = profile_pictures.set_avatar if has_avatar else actions.update_profile
    try:
        change(by=request.viewer, **profile_changes(request))
    except ValidationError as error:
        raise renamed(error) from None
    return verify_credentials(request)


def profile_changes(request: ApiRequest) -> Any:
    """Return the fields of a profile that were sent, as arguments of the actions. Those that
    profiles do not have here are ignored, but a picture for the header is an error."""
    if request.has("header"):
        raise ValidationError({"header": ["A profile has one picture here: the avatar."]})
    names = {"display_name": "display_name", "note": "bio"}
    changes: dict[str, Any] = {
        field: request.text(name) for name, field in names.items() if request.has(name)
    }
    return changes | ({"avatar": request.file("avatar")} if request.has("avatar") else {})


@needs("write:accounts")
def remove_avatar(request: ApiRequest) -> Any:
    """Remove the profile picture."""
    profile_pictures.set_avatar(by=request.viewer, avatar="")
    return verify_credentials(request)


@needs("read:accounts")
def lookup(request: ApiRequest) -> Any:
    """Return the user of a username."""
    return profile_json(
        profiles.get_profile(local_name(request, request.text("acct")), request.viewer)
    )


@needs("read:accounts")
def show(request: ApiRequest, pk: str) -> Any:
    """Return a user by id."""
    if pk == ANONYMOUS:
        reading.check_may_read(request.viewer)
        return anonymous_json()
    return profile_json(profiles.get_profile_by_id(pk, request.viewer))


@needs("read:statuses")
def statuses(request: ApiRequest, pk: str) -> Any:
    """Return the posts of a user."""
    if request.flag("pinned"):
        return []
    posts = Post.objects.rows_for(request.viewer).by_author_id(pk)
    page = posts.timeline(
        replies="" if request.flag("exclude_replies") else "on",
        tag=request.text("tagged"),
        **page_request(request),
    )
    return posts_response(request, page)


@needs("read:accounts")
def search(request: ApiRequest) -> Any:
    """Return the users with a name that begins so."""
    return [author_json(user) for user in find(request)]


def find(request: ApiRequest) -> list[CustomUser]:
    """Return the users that the request searches for. Raise what the search raises."""
    name = local_name(request, request.text("q"))
    return CustomUser.objects.search(name, request.viewer, limit_of(request, MOST_FOUND))


@needs("read:follows")
def relationships(request: ApiRequest) -> Any:
    """Return what these users are for the viewer."""
    ids = request.texts("id")[:100]
    muted = Mute.objects.muted_users(ids, request.viewer)
    known = [id for id in ids if id == ANONYMOUS or parse_id(id)]
    return [relationship_json(id, request.viewer, parse_id(id) in muted) for id in known]


@needs("write:mutes")
def mute(request: ApiRequest, pk: str) -> Any:
    """Mute a user."""
    if request.text("duration", "0") != "0":
        raise ValidationError({"duration": ["A mute ends when you end it."]})
    user = CustomUser.objects.get_by_id(pk, request.viewer)
    return relationship_json(
        pk, request.viewer, mute_actions.mute_user(username=user.username, by=request.viewer)
    )


@needs("write:mutes")
def unmute(request: ApiRequest, pk: str) -> Any:
    """Show the posts of a user again."""
    user = CustomUser.objects.get_by_id(pk, request.viewer)
    return relationship_json(
        pk, request.viewer, mute_actions.unmute_user(username=user.username, by=request.viewer)
    )


@needs("read:mutes")
def mutes(request: ApiRequest) -> Any:
    """Return the users whom the viewer mutes, the newest first."""
    return [author_json(mute.user) for mute in list_mutes(request.viewer) if mute.user]
