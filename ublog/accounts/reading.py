"""Who may read the site: everybody, or its members alone. This is the one place that decides it.

What members write, and who they are, is read by three steps:

- The statement that reads has `readable_by(viewer)` in its filter. What the viewer may not read is
  not found, in whichever moment the site or the member was changed.
- Where nothing was found, call `check_found(viewer)`, which says why.
- A read that has no such statement, such as a page that only names what there is, begins with
  `check_may_read(viewer)`.

`Post.objects` and the reads of users do so themselves, for all who call them.
See docs/adr/0020-members-only.md.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import BooleanField, Expression, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, IsNull

from ublog.accounts.active_users import active_now
from ublog.core import site_settings
from ublog.core.db.compiled_query import Constant
from ublog.core.exceptions import MembersOnly, NotAuthenticated
from ublog.core.models import SiteSettings
from ublog.core.viewers import Viewer

WhoMayRead = SiteSettings.WhoMayRead
PLACEHOLDER = -1  # for the id of the viewer


def readable_by(viewer: Viewer) -> Q:
    """Return the condition that the viewer may read the site, for the filter of any query set.

    It does not depend on the row, so the database evaluates it once in a statement. A viewer whose
    account was deactivated since the token was issued may read what visitors may.
    """
    if settings.WHO_MAY_READ == WhoMayRead.EVERYBODY:
        return Q()
    return Q(Readable(viewer.pk))


class Readable(Expression):
    """The condition, compiled once: resolving its subqueries would take a third of a list."""

    output_field = BooleanField()

    def __init__(self, viewer: int | None) -> None:
        super().__init__()
        self.viewer = viewer

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the SQL, with the id of the viewer for each parameter."""
        sql, count = compiled_condition(settings.WHO_MAY_READ, bool(self.viewer))
        return sql, (self.viewer,) * count


@cache
def compiled_condition(overruled: str, logged_in: bool) -> tuple[str, int]:
    """Return the SQL of the condition, and how often it takes the id of the viewer."""
    query = SiteSettings.objects.filter(condition(overruled, logged_in)).query
    sql, parameters = query.get_compiler(connection=connection).compile(query.where)
    return sql, len(parameters)


def condition(overruled: str, logged_in: bool) -> Q:
    """Return the condition for any viewer; `overruled` is what a variable says in its place."""
    stored = Subquery(SiteSettings.objects.values("who_may_read")[:1])
    who: Any = Coalesce(stored, Constant(WhoMayRead.EVERYBODY.value))
    open_to_visitors = ~Q(
        Exact(Constant(overruled) if overruled else who, Constant(WhoMayRead.MEMBERS.value))
    )
    if not logged_in:
        return open_to_visitors
    users: Any = get_user_model()._default_manager
    active = users.filter(active_now(), pk=PLACEHOLDER).values("pk")
    return open_to_visitors | Q(IsNull(Subquery(active), False))


def check_may_read(viewer: Viewer) -> None:
    """Raise MembersOnly unless the viewer may read the site: as the database has both now.

    One query where everybody may read, else two.
    """
    if not SiteSettings.objects.in_effect().is_members_only:
        return
    try:
        get_user_model()._default_manager.get_active(viewer)
    except NotAuthenticated:
        raise MembersOnly from None


def check_found(viewer: Viewer) -> None:
    """Raise MembersOnly where a read found nothing because the viewer may not read the site.

    Where everybody may read, as this process read it at most five seconds ago, it makes no query:
    until then, a site that has just been closed to visitors shows them that there is nothing.
    """
    if site_settings.current().is_members_only:
        check_may_read(viewer)
