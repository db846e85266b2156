"""Whom and which conversations a user does not want to see: `Mute`, and what it takes out of pages.

A mute concerns its user alone. Counts ignore it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from ublog.accounts.models import CustomUser
from ublog.blog.post_rows import PostRow
from ublog.core.cursors import Cursor, Page, PageQuery
from ublog.core.viewers import Viewer

MOST_PAGES = 5  # that are looked through for one of which something is to be shown


class MuteQuerySet(models.QuerySet["Mute"]):
    def of(self, viewer: Viewer) -> "MuteQuerySet":
        """Filter what the viewer mutes, the newest first."""
        return self.filter(by=viewer.pk or 0).order_by("-pk")

    def is_muted(self, username: str, viewer: Viewer) -> bool:
        """Return whether the viewer mutes the user of that username.

        Raise NotAuthenticated, and CustomUser.DoesNotExist.
        """
        user = CustomUser.objects.get_active(viewer)
        other = CustomUser.objects.filter_by_username(username).get()
        return self.filter(by=user, user=other).exists()

    def who_mute(self, author: int | None, conversation: int, among: Iterable[int]) -> set[int]:
        """Return the ids of those users, of the ids `among`, who mute a post of this author in this
        conversation: they are not notified of it."""
        muted = Q(user=author, user__isnull=False) | Q(conversation=conversation)
        return set(self.filter(muted, by__in=among).values_list("by", flat=True))

    def hides(self, viewer: Viewer, author: str, post: str) -> Q:
        """Return the condition for what a mute of the viewer takes out of a list.

        `author` and `post` name the relations of its rows to a user and to a post: to be used as
        `notifications.exclude(Mute.objects.hides(user, "actor", "post"))`.
        """
        users = self.filter(by=viewer.pk, user__isnull=False).values("user")
        conversations = self.filter(by=viewer.pk, conversation__isnull=False).values("conversation")
        hidden = Q(**{f"{author}__in": users}) | Q(**{f"{post}__in": conversations})
        return hidden | Q(**{f"{post}__conversation__in": conversations})


class Mute(models.Model):
    """A user does not want to see another user, or a conversation: the id of its first post."""

    LIMIT = "mute"  # of `settings.LIMITS`

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False, related_name="mutes"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # It stays when the post is deleted: the conversation may go on.
    conversation = models.BigIntegerField(null=True)
    created_on = models.DateTimeField(default=timezone.now, editable=False)

    objects = MuteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "user"], name="one_mute_of_a_user"),
            models.UniqueConstraint(
                fields=["by", "conversation"], name="one_mute_of_a_conversation"
            ),
            models.CheckConstraint(
                condition=Q(user=None) ^ Q(conversation=None), name="mute_of_one_thing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} mutes {self.user_id or self.conversation}"


def mute_columns(viewer: Viewer) -> dict[str, Any]:
    """Return, for a query set of posts, the ids of the viewer's mutes that concern a post."""
    mine = Mute.objects.filter(by=viewer.pk).values("pk")
    first = Coalesce(OuterRef("conversation"), OuterRef("pk"))  # of the conversation
    return {
        "viewer_mute": Subquery(mine.filter(user=OuterRef("created_by"))[:1]),
        "viewer_conversation_mute": Subquery(mine.filter(conversation=first)[:1]),
    }


def without_muted(
    fetch: Callable[[PageQuery], list[PostRow]], query: PageQuery, viewer: Viewer
) -> Page[PostRow]:
    """Return the page that `query` asks for, without the posts that the viewer mutes.

    It may be shorter. If nothing is left of it, it is the next one of which something is, or the
    last of MOST_PAGES. `fetch` reads the rows of a page.
    """
    for _ in range(MOST_PAGES):
        page = query.page(fetch(query))
        kept = [row for row in page.items if not row.muted_by(viewer)]
        onward = page.next if query.older else page.previous
        if kept or onward is None:
            break
        query = replace(query, cursor=Cursor.decode(onward))
    return replace(page, items=kept)
