"""The queue of moderators: what was reported, each post and user once, held posts, applications.

Each of SOURCES is one list, newest first, read by an index of its own. A page is merged from the
beginnings of them, so it costs the same however long they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Unpack

from django.db import models
from django.db.models import Case, OuterRef, Subquery, When

from ublog.accounts.models import Application, CustomUser
from ublog.accounts.roles import get_moderator, may_act_against, may_judge
from ublog.blog import post_rows
from ublog.blog.models import Post
from ublog.blog.notifications import CountSubquery
from ublog.blog.post_rows import PostRow
from ublog.blog.reports import PostNetwork, Report
from ublog.blog.states import PostState
from ublog.core.cursors import Page, PageQuery, PageRequest
from ublog.core.db.compiled_query import Constant
from ublog.core.viewers import Viewer

MAX_COUNTED = 100  # reports of one post or user, and what waits in all; more are not counted
MOST_REPORTS = 3  # that are shown of one post or user, the latest


class QueueKind(models.TextChoices):
    """Why something is in the queue."""

    POST = "post", "Reported post"
    USER = "user", "Reported user"
    HELD = "held", "Held post"
    APPLICATION = "application", "Application to join"


class Entry(NamedTuple):
    """A place in the queue: what is there is read for a whole page."""

    pk: int
    created_on: datetime
    kind: QueueKind
    post: int | None
    user: int | None
    report_count: int = 0
    reports: tuple[int, ...] = ()  # their ids
    application: int = 0


@dataclass(frozen=True)
class QueueItem:
    """What a moderator decides about: a post and its author, a user, or an application."""

    pk: int
    created_on: datetime
    kind: QueueKind
    post: PostRow | None
    user: CustomUser | None  # the author of the post, who was reported, or who applies
    report_count: int  # at most MAX_COUNTED
    reports: list[Report]  # the latest
    has_network: bool  # whether the network of the post is known
    application: Application | None
    can_dismiss: bool  # whether the moderator who looks at it may dismiss the reports
    can_suspend: bool  # and act against the user

    @property
    def id(self) -> str:
        """Return an id that nothing else in the queue has."""
        if self.application:
            return f"{self.kind}-{self.application.pk}"
        return f"{self.kind}-{self.post.pk if self.post else self.user.pk if self.user else 0}"


def reported(query: PageQuery) -> list[Entry]:
    """Return the reported posts and users, by when they were reported first."""
    same = Report.objects.filter(subject=OuterRef("subject")).values("pk")
    latest = same.order_by("-pk")
    names = [f"latest_{number}" for number in range(MOST_REPORTS)]
    shown: Any = {name: Subquery(latest[n : n + 1]) for n, name in enumerate(names)}
    first = Report.objects.filter(is_first=True)
    first = first.annotate(count=CountSubquery(same.order_by()[:MAX_COUNTED]), **shown)
    rows = query.of(first.values_list("pk", "created_on", "post", "user", "count", *names))
    return [
        Entry(
            *(pk, moment, QueueKind.POST if post else QueueKind.USER, post, user, count),
            reports=tuple(filter(None, reports)),
        )
        for pk, moment, post, user, count, *reports in rows
    ]


def held(query: PageQuery) -> list[Entry]:
    """Return the posts that wait for an approval."""
    posts = Post.objects.filter(state=PostState.HELD).values_list("pk", "created_on")
    return [Entry(pk, moment, QueueKind.HELD, pk, None) for pk, moment in query.of(posts)]


def joining(query: PageQuery) -> list[Entry]:
    """Return who waits to join, for those who may."""
    waiting = Application.objects.values_list("pk", "created_on", "user")
    return [
        Entry(pk, moment, QueueKind.APPLICATION, None, user, application=pk)
        for pk, moment, user in query.of(waiting)
    ]


SOURCES: list[Callable[[PageQuery], list[Entry]]] = [reported, held, joining]


def page(viewer: Viewer, **request: Unpack[PageRequest]) -> Page[QueueItem]:
    """Return one page of the queue for a moderator, newest first.

    A constant number of queries. Raise NotAuthenticated, PermissionDenied, and ValidationError for
    a bad cursor or page size.
    """
    moderator, query = get_moderator(viewer), PageQuery.at(**request)
    entries = [entry for source in SOURCES for entry in source(query)]
    entries.sort(key=lambda entry: (entry.created_on, entry.pk), reverse=query.older)
    found = query.page(entries[: query.limit])
    return Page(items(found.items, moderator), found.next, found.previous)


def items(entries: list[Entry], moderator: CustomUser) -> list[QueueItem]:
    """Return what is at these places, in the same order. What was deleted by now is left out."""
    ids = {entry.post for entry in entries if entry.post}
    rows = Post.objects.rows_for(moderator).filter(pk__in=ids)
    posts = {post.pk: post for post in map(post_rows.make_row, rows)}
    authors = {post.created_by_id for post in posts.values()}
    people = CustomUser.objects.in_bulk({entry.user for entry in entries} | authors - {None})
    networks = set(PostNetwork.objects.filter(pk__in=ids).values_list("pk", flat=True))
    shown = [pk for entry in entries for pk in entry.reports]
    reports = Report.objects.select_related("by").in_bulk(shown)
    waiting = Application.objects.select_related("user").in_bulk(
        {entry.application for entry in entries} - {0}
    )
    return [
        QueueItem(
            *(entry.pk, entry.created_on, entry.kind, post),
            user=user,
            report_count=entry.report_count,
            reports=[reports[pk] for pk in entry.reports if pk in reports],
            has_network=entry.post in networks,
            application=waiting.get(entry.application),
            can_dismiss=bool(entry.reports) and may_judge(moderator, user.pk if user else None),
            can_suspend=bool(user and not entry.application and may_act_against(moderator, user)),
        )
        for entry in entries
        for post in [posts.get(entry.post or 0)]
        for user in [people.get(post.created_by_id or 0 if post else entry.user or 0)]
        if post or (entry.user in people and entry.application in {0, *waiting})
    ]


def count(viewer: Viewer) -> int:
    """Return how much waits for the moderators, by one query: see `waiting_count`.

    Raise NotAuthenticated; it is 0 for all but moderators.
    """
    users: Any = CustomUser.objects.annotate(waiting=waiting_count())
    return int(users.get_active(viewer).waiting)


def waiting_count() -> Case:
    """Return an annotation for users: how much waits in the queue; 0 for all but moderators.

    At most MAX_COUNTED of each source.
    """
    first = Report.objects.filter(is_first=True).order_by().values("pk")
    posts = Post.objects.filter(state=Constant(PostState.HELD)).order_by().values("pk")
    waiting = Application.objects.order_by().values("pk")
    counts: Any = [CountSubquery(rows[:MAX_COUNTED]) for rows in (first, posts, waiting)]
    zero = Constant(0, output_field=models.IntegerField())
    return Case(When(is_staff=True, then=counts[0] + counts[1] + counts[2]), default=zero)


CustomUser.objects.session_annotations["waiting_count"] = waiting_count
