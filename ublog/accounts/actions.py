"""What users do with their accounts. Each action checks its own rule, for every interface.

All raise NotAuthenticated, ValidationError (with the messages of each field) or RateLimited, and
then nothing has changed. `by` is the user who acts.

What anybody may request for an e-mail address (sign-up, password reset) never tells whether it has
an account: the result and the work are the same, and a mail tells its owner.
"""

from collections.abc import Callable
from typing import TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ublog.accounts import backends, mails, passwords, signed_links, token_families, usernames
from ublog.accounts.models import CustomUser, Mail, generate_username
from ublog.accounts.tasks import enqueue_mail
from ublog.core.viewers import Viewer

Kind = Mail.Kind
TAKEN = ValidationError({"username": ["This username is taken."]})


class ProfileChanges(TypedDict, total=False):
    """What one may change of one's profile; what is absent stays."""

    username: str
    display_name: str
    bio: str


# -- Joining -----------------------------------------------------------------------------------


def sign_up(*, email: str) -> None:
    """Send a link to the address that opens an account; asking again sends it again.

    Nothing is stored until the link is used. Which mail it is, a link or a note that there is an
    account, the worker finds out: so every address costs the same here.
    """
    address = _checked_address(email)
    mails.spend(address)
    with transaction.atomic():
        enqueue_mail(Kind.SIGN_UP, address)


def activate(*, token: str, password: str, username: str = "") -> CustomUser:
    """Open an account of the address that the token proves; the username is made up if empty."""
    CustomUser.check_raw_lengths(username=username)
    email = signed_links.ACTIVATE.redeem(token)
    CustomUser.objects.never_activated().filter(email=email).delete()  # of an earlier release
    user = CustomUser(email=email, username=username or generate_username())
    _check_newcomer(user, password)
    user.set_password(password)  # before the transaction, since hashing takes long
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # somebody was faster: by another link of the address, or the name
        signed_links.ACTIVATE.redeem(token)
        raise TAKEN from None
    return user


def _check_newcomer(user: CustomUser, password: str) -> None:
    """Raise ValidationError with all that is wrong."""
    errors: dict[str, list[ValidationError]] = {}
    checks: list[Callable[[], None]] = [
        lambda: user.full_clean(exclude={"password"}, validate_unique=False),
        lambda: _check_username(user.username),
        lambda: passwords.check(password, user),
    ]
    for check in checks:
        try:
            check()
        except ValidationError as error:
            _of_username(error).update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _check_username(username: str) -> None:
    """Raise ValidationError for a name that others would take for the staff's."""
    if usernames.sounds_like_staff(username):
        raise ValidationError({"username": ["This username sounds like staff: choose another."]})


# -- Passwords ---------------------------------------------------------------------------------


def request_password_reset(*, email: str) -> None:
    """Send a link to choose a new password with, if there is an account of that address."""
    address = _checked_address(email)
    mails.spend(address)
    with transaction.atomic():
        user = CustomUser.objects.with_email(email)
        enqueue_mail(Kind.PASSWORD_RESET, user.email if user else address, user)


def reset_password(*, token: str, password: str) -> CustomUser:
    """Set a new password by the token of such a link, and sign out everywhere."""
    user, _ = signed_links.RESET.redeem(token)
    _prepare_password(user, password)
    with transaction.atomic():
        signed_links.RESET.redeem(token, lock=True)
        _store_password(user)
    return user


def change_password(*, by: Viewer, current_password: str, new_password: str) -> CustomUser:
    """Set a new password, and sign out everywhere: the door signs the caller in again."""
    user = CustomUser.objects.get_active(by)
    backends.prove(user, current_password, field="current_password")
    _prepare_password(user, new_password, field="new_password")
    with transaction.atomic():
        _store_password(user)
    return user


def _prepare_password(user: CustomUser, password: str, field: str = "password") -> None:
    """Before the transaction, since hashing takes long."""
    passwords.check(password, user, field=field)
    user.set_password(password)


def _store_password(user: CustomUser) -> None:
    user.save(update_fields=["password"])
    token_families.end_all(user)
    enqueue_mail(Kind.PASSWORD_CHANGED, user.email, user)


# -- The account -------------------------------------------------------------------------------


def update_profile(*, by: Viewer, **changes: Unpack[ProfileChanges]) -> CustomUser:
    """Change what others see of oneself. What stays is not checked: an older rule allowed it."""
    user = CustomUser.objects.get_active(by)
    given = {name: str(value or "") for name, value in changes.items()}
    CustomUser.check_raw_lengths(**given)
    changed = {name: value for name, value in given.items() if value != getattr(user, name)}
    same_name = changed.get("username", "").lower() == user.username.lower()
    for name, value in changed.items():
        setattr(user, name, value)
    try:
        unchanged = {field.name for field in user._meta.fields} - set(changed)
        user.full_clean(exclude=unchanged, validate_unique=False)
        if "username" in changed and not same_name and not user.is_staff:
            _check_username(user.username)
        user.save(update_fields=list(changed))
    except IntegrityError:  # somebody was faster
        raise TAKEN from None
    except ValidationError as error:
        raise _of_username(error) from None
    return user


def request_email_change(*, by: Viewer, email: str, password: str) -> None:
    """Send a link to the new address, whose use proves that it is one's own."""
    user = CustomUser.objects.get_active(by)
    backends.prove(user, password)
    address = _checked_address(email)
    mails.spend(address)
    with transaction.atomic():
        free = CustomUser.objects.with_email(address) is None
        enqueue_mail(Kind.EMAIL_CHANGE, address, user if free else None)


def confirm_email_change(*, token: str) -> CustomUser:
    """Take the new address by the token of such a link, and sign out everywhere."""
    try:
        with transaction.atomic():
            user, email = signed_links.NEW_EMAIL.redeem(token, lock=True)
            old, user.email = user.email, email
            user.save(update_fields=["email"])
            token_families.end_all(user)
            enqueue_mail(Kind.EMAIL_CHANGED, old, user)
    except IntegrityError:
        message = "Another account has this address by now."
        raise ValidationError({"token": [message]}) from None
    return user


def end_session(*, by: Viewer, name: UUID) -> None:
    """End one of one's own sign-ins. Raises RefreshFamily.DoesNotExist."""
    token_families.end_own(user=CustomUser.objects.get_active(by), name=name)


def end_all_sessions(*, by: Viewer) -> None:
    """Sign out everywhere."""
    token_families.end_all(CustomUser.objects.get_active(by))


def delete(*, user: CustomUser) -> None:
    """Delete an account whose owner has proved who they are; their posts lose their author."""
    with transaction.atomic():
        token_families.end_all(user)
        enqueue_mail(Kind.DELETED, user.email)
        user.delete()


def _checked_address(email: str) -> str:
    try:
        return str(CustomUser._meta.get_field("email").clean(email, None))
    except ValidationError as error:
        raise ValidationError({"email": error.messages}) from None


def _of_username(error: ValidationError) -> ValidationError:
    """The one constraint of the model is the username's."""
    errors = error.update_error_dict({})
    if "__all__" in errors:
        errors["username"] = errors.pop("__all__")
    return ValidationError(errors)
