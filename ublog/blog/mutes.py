"""Whom and which conversations a user does not want to see: `Mute`, and what it takes out of pages.

A mute concerns its user alone. Counts ignore it.
"""

from collections.abc import Callable, Collection
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
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer

MOST_PAGES = 5  # that are looked through for one of which something is to be shown


class MuteQuerySet(models.QuerySet["Mute"]):
    def is_muted(self, username: str, viewer: Viewer) -> bool:
        """Return whether the viewer mutes the user of that username.

        Raise NotAuthenticated, and CustomUser.DoesNotExist.
        """
        user = CustomUser.objects.get_active(viewer)
        other = CustomUser.objects.filter_by_username(username).get()
        return self.filter(by=user, user=other).exists()

    def muted_users(self, ids: Collection[str], viewer: Viewer) -> set[int]:
        """Return those of the ids, as a client sends them, of users whom the viewer mutes.

        Raise NotAuthenticated.
        """
        user = CustomUser.objects.get_active(viewer)
        muted = self.filter(by=user, user__in=list(map(parse_id, ids)))
        return set(muted.values_list("user", flat=True))

    def who_mute(self, user: int | None, conversation: Any) -> "MuteQuerySet":
        """Return the ids of those who mute a user or a conversation: they are not notified of what
        the user does there."""
        muted = Q(user=user, user__isnull=False) | Q(conversation=conversation)
        return self.filter(muted).values_list("by", flat=True)  # type: ignore[return-value]

    def hides(self, by: Any, author: str, post: str) -> Q:
        """Return the condition for what the mutes of a user take out of a list.

        `by` is the id of the user, or an OuterRef. `author` and `post` name the relations of the
        rows of the list to a user and to a post.
        """
        users = self.filter(by=by, user__isnull=False).values("user")
        conversations = self.filter(by=by, conversation__isnull=False).values("conversation")
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


def mute_columns(viewer: Viewer, post: str) -> dict[str, Any]:
    """Return, for a query set, the ids of the viewer's mutes that concern a post.

    `post` is the name of its field with the id of the post.
    """
    prefix = "" if post == "pk" else f"{post}__"
    mine = Mute.objects.filter(by=viewer.pk).values("pk")
    first = Coalesce(OuterRef(f"{prefix}conversation"), OuterRef(post))  # of the conversation
    return {
        "viewer_mute": Subquery(mine.filter(user=OuterRef(f"{prefix}created_by"))[:1]),
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
        kept = without_muted_items(page, viewer)
        onward = page.next if query.older else page.previous
        if kept.items or onward is None:
            break
        query = replace(query, cursor=Cursor.decode(onward))
    return kept


def without_muted_items(page: Page[PostRow], viewer: Viewer) -> Page[PostRow]:
    """Return the page without the posts that the viewer mutes. It may be empty, and lead on."""
    return replace(page, items=[row for row in page.items if not row.muted_by(viewer)])
