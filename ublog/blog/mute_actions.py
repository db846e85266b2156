"""What users do about whom and what they do not want to see, as `actions` does the rest.

All raise NotAuthenticated and RateLimited.
"""

from typing import Any

from django.core.exceptions import ValidationError

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.mutes import Mute
from ublog.blog.post_rows import PostRow
from ublog.core import limits
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer


def mute(*, post_id: int | str, by: Viewer) -> PostRow:
    """Mute the conversation of a post for the viewer; muting it again changes nothing."""
    return _mute_conversation(post_id, by, on=True)


def unmute(*, post_id: int | str, by: Viewer) -> PostRow:
    """Show the conversation of a post to the viewer again; if it is not muted nothing changes."""
    return _mute_conversation(post_id, by, on=False)


def toggle_mute(*, post_id: int | str, by: Viewer) -> PostRow:
    """Mute the conversation of a post that the viewer does not mute yet, else show it again."""
    return _mute_conversation(post_id, by)


def mute_user(*, username: str, by: Viewer) -> bool:
    """Mute a user for the viewer, and return that it is so; again changes nothing.

    Raise ValidationError for the viewer's own username, CustomUser.DoesNotExist for none.
    """
    return _mute_user(username, by, on=True)


def unmute_user(*, username: str, by: Viewer) -> bool:
    """Show the posts of a user to the viewer again, and return that they are not muted."""
    return _mute_user(username, by, on=False)


def toggle_user_mute(*, username: str, by: Viewer) -> bool:
    """Mute a user whom the viewer does not mute yet, else show them; return which it is now."""
    return _mute_user(username, by)


def _mute_conversation(post_id: int | str, by: Viewer, *, on: bool | None = None) -> PostRow:
    """Raise Post.DoesNotExist for a post that is not published."""
    user = CustomUser.objects.get_active(by)
    limits.spend(Mute.LIMIT, user)
    posts = Post.objects.published().filter(pk=parse_id(post_id))
    for pk, conversation in posts.values_list("pk", "conversation"):
        _set_mute(on, by=user, conversation=conversation or pk)
    row: PostRow = Post.objects.get_published_row(user, post_id)
    return row


def _mute_user(username: str, by: Viewer, *, on: bool | None = None) -> bool:
    user = CustomUser.objects.get_active(by)
    limits.spend(Mute.LIMIT, user)
    other = CustomUser.objects.filter_by_username(username).get()
    if other == user:
        raise ValidationError("You cannot mute yourself.")
    return _set_mute(on, by=user, user=other)


def _set_mute(on: bool | None, **fields: Any) -> bool:
    """Set or remove a mute; without `on`, remove it, or set it if nothing was removed.

    Return whether it is set now.
    """
    removed = 0 if on else Mute.objects.filter(**fields).delete()[0]
    wanted = not removed if on is None else on
    if wanted:
        Mute.objects.bulk_create([Mute(**fields)], ignore_conflicts=True)
    return wanted
