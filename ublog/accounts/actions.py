"""What people do with their accounts. Each action checks its own rule, so no door can forget it.

All raise LoginNeeded, ValidationError (with the messages of each field) or TooMany, and then
nothing has changed. `by` is whoever acts.

What a stranger may ask about an address (sign up, activate again, reset) never tells whether it
is known: the answer is the same, and so is the work; a mail tells its owner.
"""

from typing import TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from ublog.accounts import links, mails, passwords, sessions, sign_in
from ublog.accounts.models import CustomUser, Mail, made_up_username
from ublog.accounts.tasks import mail_soon
from ublog.core.viewers import Viewer

Kind = Mail.Kind
TAKEN = ValidationError({"username": ["This username is taken."]})


class ProfileChanges(TypedDict, total=False):
    """What one may change of one's profile; what is absent stays."""

    username: str
    display_name: str
    bio: str


# -- Joining -----------------------------------------------------------------------------------


def sign_up(*, email: str, password: str, username: str = "") -> None:
    """An account that its activation link will open. Signing up again before that replaces it."""
    CustomUser.check_raw_lengths(email=email, username=username)
    applicant = _applicant(email)
    applicant.username = username or made_up_username()
    _check_applicant(applicant, password)
    mails.spend(applicant.email)
    applicant.set_password(password)  # which takes long: also when the address is taken
    with transaction.atomic():
        mail_soon(Kind.SIGN_UP, applicant.email, _welcome(applicant))


def _applicant(email: str) -> CustomUser:
    """A new account, or the one of that address that was never activated."""
    address = sign_in.tidy(email)
    # What is no address is refused in a moment; a database could choke on it.
    known = CustomUser.objects.filter(email=address).first() if "\0" not in address else None
    if known and known.is_newcomer:
        return known
    return CustomUser(email=address, is_active=False, activated_on=None)


def _check_applicant(applicant: CustomUser, password: str) -> None:
    """Raises ValidationError with all that is wrong. Whether the address is taken is not asked."""
    errors: dict[str, list[ValidationError]] = {}
    try:
        applicant.full_clean(exclude={"password"}, validate_unique=False)
    except ValidationError as refusal:
        refusal.update_error_dict(errors)
        if "__all__" in errors:
            errors["username"] = errors.pop("__all__")
    try:
        passwords.check(password, applicant)
    except ValidationError as refusal:
        refusal.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _welcome(applicant: CustomUser) -> CustomUser | None:
    """The stored account of that address: the applicant's, or one that was there already."""
    try:
        with transaction.atomic():
            if (
                not CustomUser.objects.filter(email=applicant.email)
                .exclude(pk=applicant.pk)
                .exists()
            ):
                applicant.save()
    except IntegrityError:  # somebody was faster
        applicant.validate_constraints()
    return CustomUser.objects.filter(email=applicant.email).first()


def resend_activation(*, email: str) -> None:
    """Send the activation link once more, to whoever has signed up and not activated."""
    _send_if_known(Kind.ACTIVATION, email)


def activate(*, token: str) -> CustomUser:
    """Open the account that the token of an activation link was made for."""
    with transaction.atomic():
        user, _ = links.ACTIVATE.redeem(token, lock=True)
        user.is_active = True
        user.activated_on = timezone.now()
        user.save(update_fields=["is_active", "activated_on"])
    return user


# -- Passwords ---------------------------------------------------------------------------------


def request_password_reset(*, email: str) -> None:
    """Send a link to choose a new password with, if there is an account of that address."""
    _send_if_known(Kind.PASSWORD_RESET, email)


def reset_password(*, token: str, password: str) -> CustomUser:
    """Set a new password by the token of such a link, and sign out everywhere."""
    user, _ = links.RESET.redeem(token)
    _prepare_password(user, password)
    with transaction.atomic():
        links.RESET.redeem(token, lock=True)
        _store_password(user)
    return user


def change_password(*, by: Viewer, current_password: str, new_password: str) -> CustomUser:
    """Set a new password, and sign out everywhere: the door signs the caller in again."""
    user = CustomUser.objects.writer(by)
    sign_in.prove(user, current_password, field="current_password")
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
    sessions.end_all(user)
    mail_soon(Kind.PASSWORD_CHANGED, user.email, user)


# -- The account -------------------------------------------------------------------------------


def update_profile(*, by: Viewer, **changes: Unpack[ProfileChanges]) -> CustomUser:
    """Change what others see of oneself."""
    user = CustomUser.objects.writer(by)
    CustomUser.check_raw_lengths(**{name: str(value or "") for name, value in changes.items()})
    for name, value in changes.items():
        setattr(user, name, value or "")
    try:
        user.full_clean(exclude={"password", "email"}, validate_unique=False)
        user.save(update_fields=["username", "display_name", "bio"])
    except IntegrityError:  # somebody was faster
        raise TAKEN from None
    except ValidationError as refusal:
        raise _of_username(refusal) from None
    return user


def request_email_change(*, by: Viewer, email: str, password: str) -> None:
    """Send a link to the new address, whose use proves that it is one's own."""
    user = CustomUser.objects.writer(by)
    sign_in.prove(user, password)
    address = _checked_address(email)
    mails.spend(address)
    with transaction.atomic():
        free = not CustomUser.objects.filter(email=address).exists()
        mail_soon(Kind.EMAIL_CHANGE, address, user if free else None)


def confirm_email_change(*, token: str) -> CustomUser:
    """Take the new address by the token of such a link, and sign out everywhere."""
    try:
        with transaction.atomic():
            user, email = links.NEW_EMAIL.redeem(token, lock=True)
            old, user.email = user.email, email
            user.save(update_fields=["email"])
            sessions.end_all(user)
            mail_soon(Kind.EMAIL_CHANGED, old, user)
    except IntegrityError:
        message = "Another account has this address by now."
        raise ValidationError({"token": [message]}) from None
    return user


def end_session(*, by: Viewer, family_id: int) -> None:
    """End one of one's own sign-ins. Raises RefreshFamily.DoesNotExist."""
    sessions.end_own(user=CustomUser.objects.writer(by), family_id=family_id)


def end_all_sessions(*, by: Viewer) -> None:
    """Sign out everywhere."""
    sessions.end_all(CustomUser.objects.writer(by))


def delete(*, user: CustomUser) -> None:
    """Delete an account whose owner has proved who they are; their posts lose their author."""
    with transaction.atomic():
        sessions.end_all(user)
        mail_soon(Kind.DELETED, user.email)
        user.delete()


def _send_if_known(kind: Mail.Kind, email: str) -> None:
    address = _checked_address(email)
    mails.spend(address)
    with transaction.atomic():
        mail_soon(kind, address, CustomUser.objects.filter(email=address).first())


def _checked_address(email: str) -> str:
    CustomUser.check_raw_lengths(email=email)
    try:
        return str(CustomUser._meta.get_field("email").clean(email, None))
    except ValidationError as refusal:
        raise ValidationError({"email": refusal.messages}) from None


def _of_username(refusal: ValidationError) -> ValidationError:
    """The one constraint of the model is the username's."""
    errors = refusal.update_error_dict({})
    if "__all__" in errors:
        errors["username"] = errors.pop("__all__")
    return ValidationError(errors)
