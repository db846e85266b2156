"""What users do with their accounts. Each action checks its own rule, for every interface.

All raise NotAuthenticated, ValidationError (with the messages of each field) or RateLimited, and
then nothing has changed. `by` is the user who acts.

What anybody may request for an e-mail address (sign-up, password reset) does not show whether it
has an account: the result and the work are the same, and a mail tells its owner.
"""

from collections.abc import Callable
from typing import TypedDict, Unpack
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ublog.accounts import (
    applications,
    backends,
    invitations,
    mails,
    passwords,
    personal_tokens,
    signed_links,
    token_families,
    usernames,
)
from ublog.accounts.former_usernames import FormerUsername
from ublog.accounts.models import CustomUser, Mail, generate_username
from ublog.accounts.notification_settings import EmailNotifications
from ublog.accounts.signed_links import ACTIVATE
from ublog.accounts.tasks import enqueue_mail
from ublog.core import limits
from ublog.core.viewers import Viewer

Kind = Mail.Kind
TAKEN = ValidationError({"username": ["This username is taken."]})


class ProfileChanges(TypedDict, total=False):
    """What users may change of their profile; what is absent stays."""

    username: str
    display_name: str
    bio: str
    email_notifications: str  # one of EmailNotifications
    time_zone: str  # as `time_zones.names` has it


# -- Signing up --------------------------------------------------------------------------------


def sign_up(*, email: str, invitation: str = "") -> str:
    """Send an activation link to the e-mail address; calling it again sends it again.

    `invitation` is the token of an invitation. On a site without SMTP it is enough, as is the
    approval that follows: then nothing is sent, and the token of the activation link is returned.
    Else return "".

    No account is stored until the link is used. The worker decides between the link and a note
    that there is an account already, so every address takes the same time here. Raise
    PermissionDenied on a closed site.
    """
    address = _checked_address(email)
    key = invitations.key_of(invitation) if invitation else ""
    invited, needs_approval = invitations.check_may_join(address, key)
    mails.spend(address)
    if settings.MAIL_DIR and (invited or needs_approval):
        return ACTIVATE.token(address, key)
    with transaction.atomic():
        enqueue_mail(Kind.SIGN_UP, address, invitation=invited)
    return ""


def activate(*, token: str, password: str, username: str = "", reason: str = "") -> CustomUser:
    """Create the account of the e-mail address in the token; an empty username is generated.

    Where a moderator has to approve it, it is not active yet, and `reason` is what the moderator
    reads. Raise PermissionDenied on a closed site.
    """
    CustomUser.check_raw_lengths(username=username)
    email, key = ACTIVATE.redeem(token)
    try:
        invited, needs_approval = invitations.check_may_join(email, key)
    except ValidationError as error:  # the site has other rules by now, or others were faster
        raise ValidationError({"token": error.messages}) from None
    CustomUser.objects.never_activated().filter(email=email).delete()  # of an earlier release
    user = CustomUser(email=email, username=username or generate_username())
    user.is_active = not needs_approval
    check_new_user(user, password)
    reason = applications.clean_reason(reason) if needs_approval else ""
    user.set_password(password)  # before the transaction, since hashing takes long
    try:
        with transaction.atomic():
            if invited and not invited.use():
                raise signed_links.invalid_link()
            user.save()
            FormerUsername.objects.check_free(user)
            if needs_approval:
                applications.apply(user, reason)
    except IntegrityError:  # another request was faster: with a link of the address, or the name
        ACTIVATE.redeem(token)
        raise TAKEN from None
    return user


def check_new_user(user: CustomUser, password: str) -> None:
    """Raise one ValidationError with the messages of all checks."""
    errors: dict[str, list[ValidationError]] = {}
    checks: list[Callable[[], None]] = [
        lambda: user.full_clean(exclude={"password"}, validate_unique=False),
        lambda: None if user.is_staff else _check_username(user.username),
        lambda: passwords.check(password, user),
    ]
    for check in checks:
        try:
            check()
        except ValidationError as error:
            _as_username_error(error).update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _check_username(username: str) -> None:
    """Raise ValidationError for a name that sounds like staff."""
    if usernames.sounds_like_staff(username):
        raise ValidationError({"username": ["This username sounds like staff: choose another."]})


# -- Passwords ---------------------------------------------------------------------------------


def request_password_reset(*, email: str) -> None:
    """Send a link to choose a new password, if there is an account of that address."""
    address = _checked_address(email)
    mails.spend(address)
    with transaction.atomic():
        user = CustomUser.objects.with_email(email)
        enqueue_mail(Kind.PASSWORD_RESET, user.email if user else address, user)


def reset_password(*, token: str, password: str) -> CustomUser:
    """Set a new password by the token of such a link, and end all sessions."""
    user, _ = signed_links.RESET.redeem(token)
    _prepare_password(user, password)
    with transaction.atomic():
        signed_links.RESET.redeem(token, lock=True)
        _store_password(user)
    return user


def change_password(*, by: Viewer, current_password: str, new_password: str) -> CustomUser:
    """Set a new password and end all sessions. The interface logs the user in again."""
    user = CustomUser.objects.get_logged_in(by)
    backends.confirm_password(user, current_password, field="current_password")
    _prepare_password(user, new_password, field="new_password")
    with transaction.atomic():
        _store_password(user)
    return user


def _prepare_password(user: CustomUser, password: str, field: str = "password") -> None:
    """Check and set it, without saving: hashing takes long, and must not hold a transaction."""
    passwords.check(password, user, field=field)
    user.set_password(password)


def _store_password(user: CustomUser) -> None:
    user.save(update_fields=["password"])
    end_access(user)
    enqueue_mail(Kind.PASSWORD_CHANGED, user.email, user)


def end_access(user: CustomUser) -> None:
    """End all that lets a browser or a program in as the user: sessions and tokens."""
    token_families.end_all(user)
    personal_tokens.end_all(user)


# -- The account -------------------------------------------------------------------------------


def update_profile(*, by: Viewer, **changes: Unpack[ProfileChanges]) -> CustomUser:
    """Change the profile. Fields that stay are not checked: an older rule may have allowed them."""
    user = CustomUser.objects.get_active(by)
    texts = {name: str(value or "") for name, value in changes.items()}
    CustomUser.check_raw_lengths(**texts)
    changed = {name: value for name, value in texts.items() if value != getattr(user, name)}
    same_name = changed.get("username", "").lower() == user.username.lower()
    for name, value in changed.items():
        setattr(user, name, value)
    try:
        unchanged = {field.name for field in user._meta.fields} - set(changed)
        user.full_clean(exclude=unchanged, validate_unique=False)
        if "username" in changed and not same_name and not user.is_staff:
            _check_username(user.username)
        if "username" in changed and not same_name:
            limits.spend("rename", user)
        with transaction.atomic():  # with what is to follow a new username
            user.save(update_fields=list(changed))
            FormerUsername.objects.check_free(user)
    except IntegrityError:  # another request was faster
        raise TAKEN from None
    except ValidationError as error:
        raise _as_username_error(error) from None
    return user


def unsubscribe(*, token: str) -> None:
    """End mails of notifications, by the token of the link in them. It may be used again."""
    user = signed_links.UNSUBSCRIBE.redeem(token)
    CustomUser.objects.filter(pk=user.pk).update(email_notifications=EmailNotifications.OFF)


def request_email_change(*, by: Viewer, email: str, password: str) -> None:
    """Send a link to the new e-mail address; using it proves that it is the user's."""
    user = CustomUser.objects.get_logged_in(by)
    backends.confirm_password(user, password)
    address = _checked_address(email)
    mails.spend(address)
    with transaction.atomic():
        taken = CustomUser.objects.with_email(address)
        enqueue_mail(Kind.EMAIL_CHANGE, address, None if taken else user)


def confirm_email_change(*, token: str) -> CustomUser:
    """Set the new e-mail address by the token of such a link, and end all sessions."""
    try:
        with transaction.atomic():
            user, email = signed_links.NEW_EMAIL.redeem(token, lock=True)
            old, user.email = user.email, email
            user.save(update_fields=["email"])
            end_access(user)
            enqueue_mail(Kind.EMAIL_CHANGED, old, user)
    except IntegrityError:
        message = "Another account has this address by now."
        raise ValidationError({"token": [message]}) from None
    return user


def end_session(*, by: Viewer, name: UUID) -> None:
    """End one of the user's own sessions. Raise TokenFamily.DoesNotExist."""
    token_families.end_own(user=CustomUser.objects.get_logged_in(by), name=name)


def end_all_sessions(*, by: Viewer) -> None:
    """End all sessions of the user: log out everywhere."""
    token_families.end_all(CustomUser.objects.get_logged_in(by))


def delete(*, user: CustomUser) -> None:
    """Delete an account, whose owner has confirmed the password; its posts lose their author."""
    with transaction.atomic():
        token_families.end_all(user)
        enqueue_mail(Kind.DELETED, user.email)
        user.delete()


def _checked_address(email: str) -> str:
    try:
        return str(CustomUser._meta.get_field("email").clean(email, None))
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from None


def _as_username_error(error: ValidationError) -> ValidationError:
    """Return the errors of a model with those of its one constraint at the field `username`."""
    errors = error.update_error_dict({})
    if "__all__" in errors:
        errors["username"] = errors.pop("__all__")
    return ValidationError(errors)
