"""What administrators do with the site itself, from its set-up on.

All raise NotAuthenticated, PermissionDenied or ValidationError, and then nothing has changed.
"""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ublog.accounts import actions
from ublog.accounts.backends import confirm_password
from ublog.accounts.former_usernames import FormerUsername
from ublog.accounts.invitations import SET_UP_WITHIN, Invitation, key_of
from ublog.accounts.models import CustomUser, generate_username
from ublog.accounts.roles import get_administrator
from ublog.core import site_settings
from ublog.core.models import SiteSettings
from ublog.core.viewers import Viewer

SET_UP_ALREADY = "This site has an administrator already. Log in, if it is you."


class SettingsChanges(TypedDict, total=False):
    """What administrators may change of the site's settings; what is absent stays."""

    name: str
    welcome: str
    rules: str
    who_may_join: str
    who_may_invite: str
    allowed_domains: str
    who_may_read: str
    anonymous_posts: str
    first_posts: str


# For the interfaces: what a client may send, and sees, without a list of its own.
CHANGEABLE = tuple(SettingsChanges.__annotations__)


def confirm_administrator(*, by: Viewer, password: str) -> CustomUser:
    """Return the administrator that the viewer is, if this is their password.

    Raise ValidationError, and RateLimited after too many attempts.
    """
    user = get_administrator(by)
    confirm_password(user, password)
    return user


def get_settings(*, by: Viewer) -> SiteSettings:
    """Return the settings in effect, for an administrator to change them."""
    get_administrator(by)
    return SiteSettings.objects.in_effect()


def change_settings(*, by: Viewer, **changes: Unpack[SettingsChanges]) -> SiteSettings:
    """Change the site's settings. What the environment overrules cannot be changed."""
    get_administrator(by)
    return store_settings(changes)


def check_changes(changes: Mapping[str, Any]) -> SiteSettings:
    """Return the settings with these changes, not saved yet. Raise ValidationError."""
    site = SiteSettings.objects.stored()
    if fixed := set(changes) & set(site.overruled()):
        message = "A variable of the environment decides this."
        raise ValidationError({field: [message] for field in fixed})
    for field, value in changes.items():
        setattr(site, field, value)
    site.full_clean(validate_unique=False)
    return site


def store_settings(changes: Mapping[str, Any]) -> SiteSettings:
    """Check and store changes of the settings. Other fields stay, which others may change now."""
    site = check_changes(changes)
    site.save(update_fields=None if site._state.adding else list(changes))
    site_settings.forget()
    return site


# -- The first start -----------------------------------------------------------------------------


def has_administrator() -> bool:
    return CustomUser.objects.filter(is_superuser=True, is_active=True).exists()


def create_set_up_link() -> str:
    """Return the URL that makes the first administrator, once, within a day; "" if there is one."""
    if has_administrator():
        return ""
    expires = timezone.now() + SET_UP_WITHIN
    return Invitation.objects.create(makes_administrator=True, expires_on=expires).url


def check_set_up_link(token: str) -> None:
    """Raise ValidationError unless the token of such a link may be used."""
    if has_administrator():
        raise ValidationError({"token": [SET_UP_ALREADY]})
    try:
        Invitation.objects.set_up_links().get_usable(key_of(token))
    except ValidationError as error:
        start = "The next start of the site prints another one."
        raise ValidationError({"token": [*error.messages, start]}) from None


def set_up(
    *,
    token: str,
    email: str,
    password: str,
    username: str = "",
    **changes: Unpack[SettingsChanges],
) -> CustomUser:
    """Create the first administrator, who also says what the settings of the site are.

    Of several requests at once, one succeeds.
    """
    CustomUser.check_raw_lengths(email=email, username=username)
    check_set_up_link(token)
    user = CustomUser(email=email, username=username or generate_username())
    user.is_staff = user.is_superuser = True
    actions.check_new_user(user, password)
    user.set_password(password)  # before the transaction, since hashing takes long
    try:
        with transaction.atomic():
            if not Invitation.objects.set_up_links().filter(used=0).update(used=1):
                raise ValidationError({"token": [SET_UP_ALREADY]})  # another request was faster
            user.save()
            FormerUsername.objects.check_free(user)
            store_settings(changes)
    except IntegrityError:
        message = "There is an account with this address or username: choose another."
        raise ValidationError({"email": [message]}) from None
    return user


def make_administrator(*, email: str) -> CustomUser:
    """Make the account of this e-mail address an administrator, and active.

    Raise CustomUser.DoesNotExist.
    """
    user = CustomUser.objects.with_email(email)
    if user is None:
        raise CustomUser.DoesNotExist
    user.is_staff = user.is_superuser = user.is_active = True
    user.activated_on = user.activated_on or timezone.now()
    user.save(update_fields=["is_staff", "is_superuser", "is_active", "activated_on"])
    return user
