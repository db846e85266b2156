"""Token families: started at login, refreshed, ended. Each is a `TokenFamily`.

Users see each one as a session in their settings. The tokens themselves are made and read in
`ublog.interfaces.auth.tokens`. See docs/adr/0003-one-sign-in-for-both-worlds.md.
"""

import logging
from datetime import datetime, timedelta
from importlib import import_module
from typing import Unpack
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ublog.accounts.models import CustomUser, TokenFamily
from ublog.accounts.querysets import CLOCK_SKEW
from ublog.core.cursors import Page, PageQuery, PageRequest
from ublog.core.exceptions import Conflict, NotAuthenticated

log = logging.getLogger(__name__)

# How long a used token may come again: a second tab sent it, too, or the response was lost.
GRACE = 10.0  # seconds
MAX_ACTIVE = 50  # families of one user
BATCH = 500  # families ended in one transaction


class SessionOver(NotAuthenticated):
    """The family of a valid refresh token has ended: none of its tokens can be used any more."""

    def __init__(self) -> None:
        super().__init__("The session is over.")


def start(
    *,
    user: CustomUser,
    user_agent: str = "",
    session_key: str = "",
    lasting: timedelta | None = None,
) -> TokenFamily:
    """Start the family of a user who has just logged in, and return it.

    `lasting` replaces the usual lifetime. A user who has MAX_ACTIVE families already loses the one
    used longest ago.
    """
    family = TokenFamily(
        user=user,
        name=uuid4(),
        auth_hash=user.get_session_auth_hash(),
        user_agent="".join(filter(str.isprintable, user_agent))[:200],
        session_key=session_key,
    )
    family.last_used_on = now = family.created_on
    family.expires_on = now + lasting if lasting else family.lasts_until(now)
    with transaction.atomic():
        lock(user)
        family.save()
        _end_oldest(family)
    return family


def lock(user: CustomUser) -> None:
    """Lock the user: one request at a time starts a family, ends all, or makes a token.

    `no_key`: rows that refer to the user can still be inserted.
    """
    users = CustomUser.objects.select_for_update(no_key=True).filter(pk=user.pk)
    users.values_list("pk").first()


def _end_oldest(new: TokenFamily) -> None:
    """Keep the new family and the MAX_ACTIVE - 1 others that were used last."""
    others = new.user.families.exclude(pk=new.pk)
    if others.count() >= MAX_ACTIVE:
        used = active(new.user).exclude(pk=new.pk).order_by("-last_used_on", "-pk")
        _end(others.exclude(pk__in=list(used.values_list("pk", flat=True)[: MAX_ACTIVE - 1])))


def refresh(*, name: UUID, user_id: int, position: int, issued_on: datetime) -> TokenFamily:
    """Use the refresh token at that position, and return its family with the next position.

    Raise SessionOver when the family has ended. A token that was used more than GRACE seconds ago
    ends it, too: either it or its successor was stolen. Raise NotAuthenticated for a token that is
    not of this family: of another user, older than the family, or from the future. Raise Conflict
    when the token and its successor were both used within GRACE: another response has the newest.
    """
    if issued_on > timezone.now() + CLOCK_SKEW:
        raise NotAuthenticated("The refresh token is from the future.")
    with transaction.atomic():
        families = TokenFamily.objects.select_related("user").select_for_update(of=("self",))
        family = families.filter(name=name).first()
        if family is None:
            raise SessionOver
        if family.user_id != user_id or issued_on + CLOCK_SKEW < family.created_on:
            log.warning("A refresh token names session %s and is not of it.", family.pk)
            raise NotAuthenticated("The refresh token is not of this session.")
        good = family.is_alive and _use(family, position)
        if not good:
            _end(families.filter(pk=family.pk))
    if not good:
        raise SessionOver
    return family


def _use(family: TokenFamily, position: int) -> bool:
    """Use the token at that position; return False for one that is used again too late.

    Raise Conflict as `refresh` does.
    """
    now = timezone.now()
    ago = family.position - 1 - position
    if ago < 0:
        _advance(family, position + 1)
        return True
    if not (ago < len(family.uses) and now.timestamp() - family.uses[ago] <= GRACE):
        log.warning("A used refresh token came again: session %s is ended.", family.pk)
        return False
    if ago:
        raise Conflict("This was refreshed by someone else just now. Try again.")
    return True


def _advance(family: TokenFamily, position: int) -> None:
    now = timezone.now()
    recent = [use for use in family.uses if now.timestamp() - use <= GRACE]
    family.uses = [now.timestamp(), *recent]
    family.position = position
    # Never earlier, where the clock of this machine is behind: the next token is issued at that
    # moment, and one that is older than its family is not accepted.
    family.last_used_on = max(now, family.last_used_on)
    family.expires_on = family.lasts_until(now)
    family.save(update_fields=["uses", "position", "last_used_on", "expires_on"])


def active(user: CustomUser) -> QuerySet[TokenFamily]:
    """Return the families of the user that have not ended."""
    current = user.families.filter(name__isnull=False, auth_hash=user.get_session_auth_hash())
    return current.filter(expires_on__gt=timezone.now())


def page(user: CustomUser, **request: Unpack[PageRequest]) -> Page[TokenFamily]:
    """Return a page of the active families, the last started first.

    Not by last use, which changes while a user turns pages. Raise ValidationError as
    `PageQuery.at` does.
    """
    query = PageQuery.at(**request)
    return query.page(list(query.of(active(user))))


def get(user: CustomUser, name: UUID) -> TokenFamily:
    """Return the active family of the user with that name. Raise TokenFamily.DoesNotExist."""
    return active(user).get(name=name)


def parse_name(text: str) -> UUID:
    """Return the name that a client sent. Raise TokenFamily.DoesNotExist for another text."""
    try:
        return UUID(text)
    except ValueError:
        raise TokenFamily.DoesNotExist("There is no such session.") from None


def end(
    *, name: UUID | None = None, user_id: int | None = None, session_key: str | None = None
) -> None:
    """End the family of that user with that name, and the one of that Django session.

    Either may be unknown: nothing is raised.
    """
    with transaction.atomic():
        if name:
            _end(TokenFamily.objects.filter(name=name, user=user_id))
        if session_key:
            _end(TokenFamily.objects.filter(session_key=session_key))


def end_own(*, user: CustomUser, name: UUID) -> None:
    """End the family of the user with that name. Raise TokenFamily.DoesNotExist."""
    with transaction.atomic():
        if not _end(user.families.filter(name=name)):
            raise TokenFamily.DoesNotExist("There is no such session.")


def end_all(user: CustomUser) -> None:
    """End all families of the user: log out everywhere."""
    with transaction.atomic():
        lock(user)
        _end(user.families.all())


def purge() -> int:
    """End the expired families, and those without a name; return how many.

    Those without a name were started by an earlier release, whose tokens are no longer accepted.
    """
    ended, old = 0, TokenFamily.objects.filter(expires_on__lte=timezone.now())
    for families in (old, TokenFamily.objects.filter(name__isnull=True)):
        while batch := _end_batch(families):
            ended += batch
    return ended


def _end_batch(families: QuerySet[TokenFamily]) -> int:
    keys = list(families.values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        return _end(TokenFamily.objects.filter(pk__in=keys))


def _end(families: QuerySet[TokenFamily]) -> int:
    """Delete families with their Django sessions; return how many.

    They are locked first: a refresh at the same time either ends before, and its token is of a
    family that is gone, or finds no family.
    """
    found = families.select_for_update(of=("self",)).order_by("pk").values_list("pk", "session_key")
    sessions = dict(found)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in filter(None, sessions.values()):
        store.delete(key)
    TokenFamily.objects.filter(pk__in=sessions).delete()
    return len(sessions)
