"""Which users may act."""

from django.db.models import Q
from django.db.models.functions import Now


def active_now(prefix: str = "") -> Q:
    """Return the condition for users who may act: active, and not suspended.

    `prefix` is that of the relation to the user, such as `user__`. The clock is the database's: a
    compiled query takes no moment.
    """
    until = f"{prefix}suspended_until"
    not_suspended = Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__lte": Now()})
    return Q(**{f"{prefix}is_active": True}) & not_suspended
