"""Store when the token of a program, or an application that was allowed, was last used."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.db.models import Q, QuerySet
from django.utils import timezone

log = logging.getLogger(__name__)

NOTED_EVERY = timedelta(hours=1)  # how exact the time of the last use is


def note(row: QuerySet[Any], last_used_on: datetime | None) -> None:
    """Store that the row of the query set is used now, when it was last used NOTED_EVERY ago.

    Another request that has just done so changes nothing. A failure is logged, and raises nothing.
    """
    now = timezone.now()
    if last_used_on and last_used_on >= now - NOTED_EVERY:
        return
    due = Q(last_used_on=None) | Q(last_used_on__lt=now - NOTED_EVERY)
    try:
        row.filter(due).update(last_used_on=now)
    except DatabaseError as failure:  # such as a full disk, where reading goes on
        log.warning("The use of a %s could not be noted: %s", row.model._meta.verbose_name, failure)
