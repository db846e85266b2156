"""Sign-ins: begun, kept alive, ended. Each is a `RefreshFamily`; tokens are the doors' matter.

See docs/adr/0003-one-sign-in-for-both-worlds.md.
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

from ublog.accounts.models import CLOCK_SKEW, CustomUser, RefreshFamily
from ublog.core.cursors import Page, PageQuery, PageRequest
from ublog.core.exceptions import Conflict, NotAuthenticated

log = logging.getLogger(__name__)

# How long a spent token is forgiven: a second tab sent it too, or the answer was lost.
GRACE = 10.0  # seconds
MOST = 50  # living sign-ins of one user
BATCH = 500  # sign-ins ended in one transaction


class SessionOver(NotAuthenticated):
    """The sign-in of a good refresh token is over: no token of it will ever be good again."""

    def __init__(self) -> None:
        super().__init__("The sign-in is over.")


def start(
    *,
    user: CustomUser,
    user_agent: str = "",
    session_key: str = "",
    lasting: timedelta | None = None,
) -> RefreshFamily:
    """A new sign-in of someone who has just proved who they are; `lasting`: if not the usual
    time. It ends the sign-in used longest ago of a user who has MOST already."""
    family = RefreshFamily(
        user=user,
        name=uuid4(),
        auth_hash=user.get_session_auth_hash(),
        user_agent="".join(filter(str.isprintable, user_agent))[:200],
        session_key=session_key,
    )
    family.last_used_on = now = family.created_on
    family.expires_on = now + lasting if lasting else family.lasts_until(now)
    with transaction.atomic():
        _lock(user)
        family.save()
        _end_the_oldest(family)
    return family


def _lock(user: CustomUser) -> None:
    """One at a time begins or ends all sign-ins of a user; what refers to the user goes on."""
    people = CustomUser.objects.select_for_update(no_key=True).filter(pk=user.pk)
    people.values_list("pk").first()


def _end_the_oldest(new: RefreshFamily) -> None:
    """Keep the new sign-in and the MOST - 1 living ones that were used last."""
    others = new.user.families.exclude(pk=new.pk)
    if others.count() >= MOST:
        living = of(new.user).exclude(pk=new.pk).order_by("-last_used_on", "-pk")
        _end(others.exclude(pk__in=list(living.values_list("pk", flat=True)[: MOST - 1])))


def refresh(*, name: UUID, user_id: int, position: int, issued_on: datetime) -> RefreshFamily:
    """Use the refresh token at that position; the family, whose newest token is the successor.

    Raises SessionOver when the sign-in is over, and ends it when a token spent long ago comes
    back: either it or its successor was stolen. Raises NotAuthenticated for a token that is not of
    this family: of another user, older than the family, or from the future. Raises Conflict when
    the token and its successor were both used just now: the newest one is on its way in another
    answer.
    """
    if issued_on > timezone.now() + CLOCK_SKEW:
        raise NotAuthenticated("The refresh token is from the future.")
    with transaction.atomic():
        families = RefreshFamily.objects.select_related("user").select_for_update(of=("self",))
        family = families.filter(name=name).first()
        if family is None:
            raise SessionOver
        if family.user_id != user_id or issued_on + CLOCK_SKEW < family.created_on:
            log.warning("A refresh token names sign-in %s and is not of it.", family.pk)
            raise NotAuthenticated("The refresh token is not of this sign-in.")
        good = family.is_alive and _use(family, position)
        if not good:
            _end(families.filter(pk=family.pk))
    if not good:
        raise SessionOver
    return family


def _use(family: RefreshFamily, position: int) -> bool:
    """Spend the token at that position; False when it must not come back. Raises Conflict."""
    now = timezone.now()
    ago = family.position - 1 - position
    if ago < 0:
        _advance(family, position + 1)
        return True
    if not (ago < len(family.uses) and now.timestamp() - family.uses[ago] <= GRACE):
        log.warning("A spent refresh token came back: sign-in %s is ended.", family.pk)
        return False
    if ago:
        raise Conflict("This was refreshed by someone else just now. Try again.")
    return True


def _advance(family: RefreshFamily, position: int) -> None:
    now = timezone.now()
    recent = [use for use in family.uses if now.timestamp() - use <= GRACE]
    family.uses = [now.timestamp(), *recent]
    family.position = position
    # Never back, where this machine's clock is behind: the next token is issued at that moment,
    # and one older than its family would not be of it.
    family.last_used_on = max(now, family.last_used_on)
    family.expires_on = family.lasts_until(now)
    family.save(update_fields=["uses", "position", "last_used_on", "expires_on"])


def of(user: CustomUser) -> QuerySet[RefreshFamily]:
    """The person's sign-ins that are not over."""
    living = user.families.filter(name__isnull=False, auth_hash=user.get_session_auth_hash())
    return living.filter(expires_on__gt=timezone.now())


def page(user: CustomUser, **place: Unpack[PageRequest]) -> Page[RefreshFamily]:
    """A page of these, the last begun first: the last use changes while somebody turns pages.

    Raises ValidationError as `Window.at` does.
    """
    window = PageQuery.at(**place)
    return window.page(list(window.of(of(user))))


def one(user: CustomUser, name: UUID) -> RefreshFamily:
    """One of the person's own sign-ins. Raises RefreshFamily.DoesNotExist."""
    return of(user).get(name=name)


def name_of(text: str) -> UUID:
    """The name that a client gives. Raises RefreshFamily.DoesNotExist for what is none."""
    try:
        return UUID(text)
    except ValueError:
        raise RefreshFamily.DoesNotExist("There is no such sign-in.") from None


def end(
    *, name: UUID | None = None, user_id: int | None = None, session_key: str | None = None
) -> None:
    """End that user's sign-in of that name, and the one of that Django session; either may be
    unknown."""
    with transaction.atomic():
        if name:
            _end(RefreshFamily.objects.filter(name=name, user=user_id))
        if session_key:
            _end(RefreshFamily.objects.filter(session_key=session_key))


def end_own(*, user: CustomUser, name: UUID) -> None:
    """End one of the person's own sign-ins. Raises RefreshFamily.DoesNotExist."""
    with transaction.atomic():
        if not _end(user.families.filter(name=name)):
            raise RefreshFamily.DoesNotExist("There is no such sign-in.")


def end_all(user: CustomUser) -> None:
    """Sign the person out everywhere."""
    with transaction.atomic():
        _lock(user)
        _end(user.families.all())


def purge() -> int:
    """End the sign-ins that are too old, and those without a name: they were begun by the
    release before, and no token of this one can be of them. Return their number."""
    ended, old = 0, RefreshFamily.objects.filter(expires_on__lte=timezone.now())
    for families in (old, RefreshFamily.objects.filter(name__isnull=True)):
        while batch := _end_batch(families):
            ended += batch
    return ended


def _end_batch(families: QuerySet[RefreshFamily]) -> int:
    keys = list(families.values_list("pk", flat=True)[:BATCH])
    with transaction.atomic():
        return _end(RefreshFamily.objects.filter(pk__in=keys))


def _end(families: QuerySet[RefreshFamily]) -> int:
    """Delete them, with their Django sessions. Locked first: a refresh that is under way either
    comes before, and what it gives is dead, or finds nothing."""
    found = families.select_for_update(of=("self",)).order_by("pk").values_list("pk", "session_key")
    doomed = dict(found)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    for key in filter(None, doomed.values()):
        store.delete(key)
    RefreshFamily.objects.filter(pk__in=doomed).delete()
    return len(doomed)
