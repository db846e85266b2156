"""The states of a post, and who sees which of them: see docs/adr/0019-states-of-a-post.md.

Lists have published posts only, for everybody. What else is seen at a post's own URL and in its
conversation is said here.
"""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from ublog.accounts.active_users import active_now
from ublog.accounts.models import CustomUser
from ublog.core.db.compiled_query import Constant
from ublog.core.viewers import Viewer


class PostState(models.IntegerChoices):
    """What a post is that is not published, or not any more."""

    DELETED = 1, "deleted"  # a tombstone, which stays while it has replies
    HELD = 2, "held"  # not published yet: a moderator has to approve it
    HIDDEN = 3, "hidden"  # by a moderator


PUBLISHED = Q(state=None)


def moderates(viewer: Viewer) -> Subquery:
    """Return whether the viewer is a moderator, as an expression.

    An access token does not say it. The database looks it up once in a statement.
    """
    users = CustomUser.objects.filter(active_now(), pk=viewer.pk)
    return Subquery(users.values("is_staff")[:1])


def deletable(viewer: Viewer) -> Q:
    """Return the condition for what the viewer may delete, and what is published."""
    moderated = ~Q(state=Constant(PostState.DELETED)) & Q(moderates(viewer))
    return Q(state=None) | Q(created_by=viewer.pk) | moderated


def in_conversation(posts: QuerySet[Any], viewer: Viewer) -> Q:
    """Return the condition for what the viewer sees of these posts, in full or as a placeholder."""
    replies = posts.model._default_manager.filter(in_reply_to=OuterRef("pk"))
    has_replies = IsNull(Subquery(replies.order_by().values("pk")[:1]), False)
    seen = Q(state=None) | Q(state=Constant(PostState.DELETED))
    seen |= Q(state=Constant(PostState.HIDDEN)) & Q(has_replies)
    if viewer.pk:
        seen |= Q(created_by=viewer.pk) | Q(moderates(viewer))
    return seen
