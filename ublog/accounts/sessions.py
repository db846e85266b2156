"""Sign-ins: begun, kept alive, ended. Each is a `RefreshFamily`; tokens are the doors' matter.

See docs/adr/0003-one-sign-in-for-both-worlds.md.
"""

import logging
from datetime import timedelta
from importlib import import_module

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ublog.accounts.models import CustomUser, RefreshFamily
from ublog.core.refusals import Conflict, LoginNeeded

log = logging.getLogger(__name__)

# How long a spent token is forgiven: a second tab sent it too, or the answer was lost.
GRACE = 10.0  # seconds


def start(
    *,
    user: CustomUser,
    user_agent: str = "",
    session_key: str = "",
    lasting: timedelta | None = None,
) -> RefreshFamily:
    """A new sign-in of someone who has just proved who they are; `lasting`: if not the usual
    time."""
    family = RefreshFamily(
        user=user,
        auth_hash=user.get_session_auth_hash(),
        user_agent="".join(filter(str.isprintable, user_agent))[:200],
        session_key=session_key,
    )
    family.last_used_on = now = family.created_on
    family.expires_on = now + lasting if lasting else family.lasts_until(now)
    family.save()
    return family


def refresh(*, family_id: int, position: int) -> RefreshFamily:
    """Use the refresh token at that position; the family, whose newest token is the successor.

    Raises LoginNeeded when the sign-in is over, and ends it when a token spent long ago comes
    back: either it or its successor was stolen. Raises Conflict when the token and its successor
    were both used just now: the newest one is on its way in another answer.
    """
    with transaction.atomic():
        families = RefreshFamily.objects.select_related("user").select_for_update(of=("self",))
        family = families.filter(pk=family_id).first()
        if family is None:
            raise LoginNeeded("The sign-in is over.")
        good = family.is_alive and _use(family, position)
        if not good:
            _end(families.filter(pk=family_id))
    if not good:
        raise LoginNeeded("The sign-in is over.")
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
    family.last_used_on = now
    family.expires_on = family.lasts_until(now)
    family.save(update_fields=["uses", "position", "last_used_on", "expires_on"])


def of(user: CustomUser) -> QuerySet[RefreshFamily]:
    """The person's sign-ins that are not over, the last used first."""
    alive = user.families.filter(auth_hash=user.get_session_auth_hash())
    return alive.filter(expires_on__gt=timezone.now()).order_by("-last_used_on", "-pk")


def one(user: CustomUser, family_id: int) -> RefreshFamily:
    """One of the person's own sign-ins. Raises RefreshFamily.DoesNotExist."""
    return of(user).get(pk=family_id)


def end(*, family_id: int | None = None, session_key: str | None = None) -> None:
    """End the sign-in of that id, and the one of that Django session; either may be unknown."""
    with transaction.atomic():
        if family_id:
            _end(RefreshFamily.objects.filter(pk=family_id))
        if session_key:
            _end(RefreshFamily.objects.filter(session_key=session_key))


def end_own(*, user: CustomUser, family_id: int) -> None:
    """End one of the person's own sign-ins. Raises RefreshFamily.DoesNotExist."""
    with transaction.atomic():
        if not _end(user.families.filter(pk=family_id)):
            raise RefreshFamily.DoesNotExist("There is no such sign-in.")


def end_all(user: CustomUser) -> None:
    """Sign the person out everywhere."""
    with transaction.atomic():
        _end(user.families.all())


def purge() -> int:
    """End the sign-ins that are too old; their number."""
    with transaction.atomic():
        return _end(RefreshFamily.objects.filter(expires_on__lte=timezone.now()))


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
