"""Personal tokens, by which programs of a user read and act: made, used, listed, ended.

Actions raise NotAuthenticated, LoginRequired, ValidationError or RateLimited, and then nothing has
changed. `by` is the user who acts. See docs/adr/0025-tokens-of-programs.md.
"""

from datetime import timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.crypto import get_random_string

from ublog.accounts import scopes, token_families, token_use
from ublog.accounts.active_users import active_now
from ublog.accounts.models import CustomUser
from ublog.accounts.scopes import ProgramViewer
from ublog.accounts.token_models import PersonalToken
from ublog.core import limits
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer

# Scanners of published code find tokens by such a prefix.
PREFIX = "ublog_"
LENGTH = 40  # random letters and digits: 238 bits
MOST = 50  # tokens of one user
MOST_DAYS = 366


class NewToken(NamedTuple):
    """A token that was just made, with its text, which cannot be read again."""

    token: PersonalToken
    secret: str


def make(*, by: Viewer, name: str, scopes: list[str], days: int) -> NewToken:
    """Make a token with these scopes, which expires after so many days."""
    user = CustomUser.objects.get_logged_in(by)
    now, secret = timezone.now(), PREFIX + get_random_string(LENGTH)
    token = PersonalToken(
        user=user,
        name=name,
        digest=digest_of(secret),
        auth_hash=user.get_session_auth_hash(),
        created_on=now,
    )
    check(token, scopes, days)
    token.expires_on = now + timedelta(days=days)
    limits.spend("personal_token", user)
    with transaction.atomic():
        token_families.lock(user)
        if active(user).count() >= MOST:
            raise ValidationError(f"You have {MOST} tokens, the most that are possible: end one.")
        token.save()
    return NewToken(token, secret)


def check(token: PersonalToken, names: list[str], days: int) -> None:
    """Set the scopes of the token. Raise one ValidationError with all that is wrong."""
    errors: dict[str, list[ValidationError]] = {}
    try:
        token.clean_fields(exclude={"user", "digest", "auth_hash", "scopes", "expires_on"})
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    try:
        token.scopes = scopes.clean(names)
    except ValidationError as error:
        errors = error.update_error_dict(errors)
    if not 1 <= days <= MOST_DAYS:
        errors["days"] = [ValidationError(f"Choose a number from 1 to {MOST_DAYS}.")]
    if errors:
        raise ValidationError(errors)


def list_tokens(*, by: Viewer) -> list[PersonalToken]:
    """Return the tokens of the user that can be used, the newest first."""
    return list(active(CustomUser.objects.get_logged_in(by)).order_by("-pk"))


def end(*, by: Viewer, pk: int | str) -> None:
    """End a token of the user. Raise PersonalToken.DoesNotExist."""
    CustomUser.objects.get_logged_in(by).personal_tokens.get(pk=parse_id(pk)).delete()


def end_all(user: CustomUser) -> None:
    """End all tokens of the user."""
    user.personal_tokens.all().delete()


def active(user: CustomUser) -> QuerySet[PersonalToken]:
    """Return the tokens of the user that have not ended."""
    current = user.personal_tokens.filter(auth_hash=user.get_session_auth_hash())
    return current.filter(expires_on__gt=timezone.now())


def authenticate(secret: str) -> ProgramViewer | None:
    """Return the user as whom a program acts that sends this token; None if it is not valid.

    One query, and now and then the one of `token_use.note`.
    """
    now, digest = timezone.now(), digest_of(secret)
    valid = {"personal_tokens__digest": digest, "personal_tokens__expires_on__gt": now}
    users: Any = CustomUser.objects.filter(active_now(), **valid)
    annotated = users.annotate(
        proof=F("personal_tokens__auth_hash"),
        token_scopes=F("personal_tokens__scopes"),
        token_used_on=F("personal_tokens__last_used_on"),
    )
    user = next(iter(annotated), None)
    if user is None or not user.matches_auth_hash(user.proof):
        return None
    token_use.note(PersonalToken.objects.filter(digest=digest), user.token_used_on)
    return ProgramViewer(user.pk, frozenset(user.token_scopes))


def purge() -> int:
    """Delete the expired tokens; return how many there were."""
    return PersonalToken.objects.filter(expires_on__lte=timezone.now()).delete()[0]


def digest_of(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
