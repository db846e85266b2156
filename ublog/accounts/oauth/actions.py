"""What applications and users do by OAuth, beyond what django-oauth-toolkit does.

All raise NotAuthenticated, LoginRequired, ValidationError or RateLimited, and then nothing has
changed.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import get_random_string
from oauth2_provider.models import AccessToken, Grant, RefreshToken

from ublog.accounts import scopes, token_use
from ublog.accounts.active_users import active_now
from ublog.accounts.models import CustomUser
from ublog.accounts.oauth import secrets
from ublog.accounts.oauth.mastodon_scopes import OF_APPLICATIONS
from ublog.accounts.oauth.models import OUT_OF_BAND, AllowedApplication, Application
from ublog.accounts.scopes import ProgramViewer
from ublog.core import limits
from ublog.core.ids import parse_id
from ublog.core.text import BREAKS, UNACCEPTABLE, has_visible
from ublog.core.viewers import Viewer

OWN_TOKENS = 10  # of an application, without a user: it may request any number of them
MOST_URIS, LONGEST_URI, LONGEST_NAME = 10, 1_000, 60
# Schemes that a browser interprets itself. Those of programs are their own business: RFC 8252.
FORBIDDEN = {"javascript", "data", "vbscript", "file", "about", "blob", "filesystem", "ftp", "ws"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NewApplication(NamedTuple):
    """An application that has just registered, with its secret, which cannot be read again."""

    application: Application
    secret: str


# -- Applications ------------------------------------------------------------------------------


def register(
    *,
    name: str,
    redirect_uris: Sequence[str],
    scope: str = "",
    has_secret: bool = True,
    for_mastodon: bool = False,
) -> NewApplication:
    """Register an application. A task deletes it if no user allows it (`expiry`).

    One for Mastodon may get tokens without a user, too, as apps for Mastodon do.

    Raise ValidationError, for `redirect_uris` or another field.
    """
    limits.spend("oauth_app")
    wanted = scopes.clean((scope or scopes.READ).split(), known=OF_APPLICATIONS)
    check_name(name)
    check_uris(redirect_uris)
    secret = get_random_string(128) if has_secret else ""
    kind = Application.CLIENT_CONFIDENTIAL if has_secret else Application.CLIENT_PUBLIC
    grant = Application.GRANT_AUTHORIZATION_CODE
    if for_mastodon:
        grant = Application.GRANT_CLIENT_CREDENTIALS
    application = Application.objects.create(
        name=name,
        redirect_uris=" ".join(redirect_uris),
        scopes=" ".join(wanted),
        client_type=kind,
        authorization_grant_type=grant,
        client_secret=secrets.digest(secret) if secret else "",
        hash_client_secret=False,
        registration_source=Application.RegistrationSource.DCR,
    )
    return NewApplication(application, secret)


def check_name(name: str) -> None:
    """Raise ValidationError for a name that users could not read or that could mislead them."""
    bad = len(name) > LONGEST_NAME or UNACCEPTABLE.search(name) or BREAKS.search(name)
    if bad or not has_visible(name):
        message = f"Send a name of at most {LONGEST_NAME} characters, on one line."
        raise ValidationError({"name": [message]})


def check_uris(uris: Sequence[str]) -> None:
    """Raise ValidationError unless codes may be sent to each of these."""
    if not 1 <= len(uris) <= MOST_URIS:
        raise ValidationError({"redirect_uris": [f"Send 1 to {MOST_URIS} redirect URIs."]})
    if bad := [uri for uri in uris if not is_acceptable(uri)]:
        message = f"{bad[0][:100]!r} cannot be a redirect URI: use https, or a scheme of your own."
        raise ValidationError({"redirect_uris": [message]})


def is_acceptable(uri: str) -> bool:
    """Return whether it is an absolute URI without a fragment, by https, to this machine, or of the
    scheme of a program."""
    if uri == OUT_OF_BAND:
        return True
    try:
        parts = urlsplit(uri)
        has_login = "@" in parts.netloc
    except ValueError:
        return False
    odd = len(uri) > LONGEST_URI or not uri.isascii() or not uri.isprintable() or " " in uri
    if odd or has_login or "#" in uri or not parts.scheme or parts.scheme in FORBIDDEN:
        return False
    if parts.scheme == "http":
        return parts.hostname in LOOPBACK
    return bool(parts.hostname) if parts.scheme == "https" else ":" in uri


def get_application(secret: str) -> Application:
    """Return the application that has this token, of a user or its own. Raise DoesNotExist.

    Whether the token of a user is valid says `authenticate`.
    """
    now, checksum = timezone.now(), secrets.digest(secret)
    tokens = {"accesstoken__token_checksum": checksum, "accesstoken__expires__gt": now}
    return Application.objects.get(**tokens)


def has_own_token(secret: str) -> bool:
    """Return whether this is the token of an application itself, without a user."""
    own = AccessToken.objects.filter(token_checksum=secrets.digest(secret), user=None)
    return bool(own.filter(expires__gt=timezone.now()).exists())


def end_old_own_tokens(application: Application) -> None:
    """Delete all but the last OWN_TOKENS of the tokens that an application has without a user."""
    own = AccessToken.objects.filter(application=application, user=None).order_by("-pk")
    old = list(own.values_list("pk", flat=True)[OWN_TOKENS:])
    AccessToken.objects.filter(pk__in=old).delete()


# -- What users allow --------------------------------------------------------------------------


@transaction.atomic
def allow(*, user: CustomUser, application: Application, scope: str) -> None:
    """Note that the user allows the application. End what it had before a change of password."""
    auth_hash = user.get_session_auth_hash()
    of_both = {"user": user, "application": application}
    row, is_new = AllowedApplication.objects.select_for_update().get_or_create(
        **of_both, defaults={"auth_hash": auth_hash, "scope": scope}
    )
    if not is_new and not user.matches_auth_hash(row.auth_hash):
        end_tokens(**of_both)
    row.auth_hash, row.scope = auth_hash, scope
    row.save(update_fields=["auth_hash", "scope"])


def is_allowed(user: CustomUser, application: Application) -> bool:
    """Return whether the user is active and has allowed it, with the password of today."""
    rows = AllowedApplication.objects.filter(user=user, application=application)
    row = rows.filter(user__in=CustomUser.objects.filter(active_now())).first()
    return row is not None and user.matches_auth_hash(row.auth_hash)


def list_allowed(*, by: Viewer) -> list[AllowedApplication]:
    """Return the applications that the user has allowed, the last one first."""
    user = CustomUser.objects.get_logged_in(by)
    rows = AllowedApplication.objects.filter(user=user, auth_hash=user.get_session_auth_hash())
    return list(rows.select_related("application").order_by("-pk"))


def end(*, by: Viewer, pk: int | str) -> None:
    """End what an application may do. Raise AllowedApplication.DoesNotExist."""
    user = CustomUser.objects.get_logged_in(by)
    with transaction.atomic():
        row = AllowedApplication.objects.select_for_update().get(user=user, pk=parse_id(pk))
        end_tokens(user=user, application=row.application)
        row.delete()


def end_tokens(**of_both: Any) -> None:
    """Delete all codes and tokens of that application of that user."""
    for model in (Grant, RefreshToken, AccessToken):
        model.objects.filter(**of_both).delete()


def end_tokens_of_code(code: str, application: Application) -> None:
    """End the tokens that the application got for a code, and what followed on them."""
    first = secrets.digest(secrets.first_refresh_token(code))
    tokens = RefreshToken.objects.filter(token_checksum=first, application=application)
    for family in set(tokens.values_list("token_family", flat=True)):
        RefreshToken.revoke_family(family)


# -- Tokens ------------------------------------------------------------------------------------


def authenticate(secret: str) -> ProgramViewer | None:
    """Return the user as whom an application acts that sends this token; None if it is not valid.

    One query, and now and then the one of `token_use.note`.
    """
    now = timezone.now()
    users: Any = CustomUser.objects.filter(
        active_now(),
        allowed_applications__application__accesstoken__token_checksum=secrets.digest(secret),
        allowed_applications__application__accesstoken__expires__gt=now,
        allowed_applications__application__accesstoken__user=F("pk"),
    )
    annotated = users.annotate(
        proof=F("allowed_applications__auth_hash"),
        allowed_id=F("allowed_applications__pk"),
        used_on=F("allowed_applications__last_used_on"),
        granted=F("allowed_applications__application__accesstoken__scope"),
    )
    user = next(iter(annotated), None)
    if user is None or not user.matches_auth_hash(user.proof):
        return None
    token_use.note(AllowedApplication.objects.filter(pk=user.allowed_id), user.used_on)
    return ProgramViewer(user.pk, frozenset(user.granted.split()))
