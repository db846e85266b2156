"""The list of what a user mutes, for them to end it."""

from datetime import datetime
from typing import NamedTuple

from django.db.models import OuterRef, Subquery

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.mutes import Mute
from ublog.blog.post_rows import Author
from ublog.core.viewers import Viewer

LISTED = 500  # mutes, the newest


class MuteRow(NamedTuple):
    """A user or a conversation that somebody mutes."""

    created_on: datetime
    user: Author | None
    conversation: int | None  # the id of its first post
    text: str  # of that post; "" if it cannot be seen


USER = ("user", "user__username", "user__display_name", "user__avatar")


def list_mutes(viewer: Viewer) -> list[MuteRow]:
    """Return what the viewer mutes, the newest first. Raise NotAuthenticated.

    Two queries, however many there are.
    """
    user = CustomUser.objects.get_active(viewer)
    first = Post.objects.filter(pk=OuterRef("conversation"), state=None).values("body")[:1]
    mutes = Mute.objects.filter(by=user).order_by("-pk").annotate(text=Subquery(first))
    rows = mutes.values_list("created_on", "conversation", "text", *USER)[:LISTED]
    return [
        MuteRow(created_on, Author(*muted) if muted[0] else None, conversation, text or "")
        for created_on, conversation, text, *muted in rows
    ]
