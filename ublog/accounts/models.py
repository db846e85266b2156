"""Users, who log in by e-mail address and are shown by username; token families; mails to send."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from unicodedata import normalize

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, RegexValidator
from django.db import connection, models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.encoding import punycode
from django.utils.functional import cached_property

from ublog.accounts import email_addresses
from ublog.accounts.fields import EmailAddressField
from ublog.accounts.invitations import Invitation
from ublog.accounts.notification_settings import NotificationSettings
from ublog.core import limits, text_grammar
from ublog.core.cursors import EPOCH
from ublog.core.db.compiled_query import CompiledQuery
from ublog.core.exceptions import NotAuthenticated
from ublog.core.text import (
    FoldedField,
    PlainTextField,
    check_raw_length,
    clean_text,
    fold_for_search,
    validate_one_line,
)
from ublog.core.viewers import Viewer

# `username__lower` uses the index of the constraint below, which `iexact` would not.
models.CharField.register_lookup(Lower)

USERNAME = re.compile(r"\A[A-Za-z0-9_]+\Z")
MAX_QUERY = 80  # code points: a username, a space and a display name have 81
MOST_FOUND = 10  # users, by a search
SEARCH_SECONDS = 2.0  # of the database, for one search
MAX_PASSWORD = 256  # characters; more proves nothing and costs hashing
IDLE = timedelta(days=14)  # lifetime of a token family since its last use
ABSOLUTE = timedelta(days=30)  # lifetime of a token family since the login
# By how much the clocks of two machines of one site may differ, where a token is compared with
# its family. An access token alone has 10 s (SIMPLE_JWT["LEEWAY"]).
CLOCK_SKEW = timedelta(minutes=1)


class CustomUserQuerySet(models.QuerySet["CustomUser"]):
    def get_active(self, viewer: Viewer) -> "CustomUser":
        """Return the active user that a viewer is, as the database has it: for what writes.

        An access token was issued some minutes ago. This one query checks that the user is still
        active, and that the token's family has not ended: it is this user's, and not younger than
        the token. Raise NotAuthenticated if not, and for an anonymous viewer.
        """
        people = self.filter(pk=viewer.pk or 0, is_active=True)
        family = getattr(viewer, "family", None)  # a session has been checked in this request
        if family is not None:
            started_by = viewer.issued_on + CLOCK_SKEW  # type: ignore[attr-defined]
            people = people.filter(families__name=family, families__created_on__lte=started_by)
            people = people.annotate(proof=F("families__auth_hash"))  # type: ignore[no-redef]
        user = next(iter(people), None) if viewer.pk else None  # `first` would sort one row
        if user is None or not (family is None or user.matches_auth_hash(user.proof)):
            raise NotAuthenticated
        return user

    def with_email(self, email: str) -> "CustomUser | None":
        """Return the account of that e-mail address, however it is written.

        An address from before the normal form may be stored as it was typed, and is found when it
        is typed so again. Raise ValidationError for an invalid address.
        """
        typed, normal = email.strip().lower(), email_addresses.normal_form(email)
        found = {user.email: user for user in self.filter(email__in={typed, normal})}
        return found.get(typed) or found.get(normal)

    def never_activated(self) -> "CustomUserQuerySet":
        """Filter accounts that an earlier release stored at sign-up and that were not activated."""
        return self.filter(is_active=False, activated_on=None, last_login=None)

    def not_normal(self) -> "Iterator[tuple[CustomUser, str]]":
        """Yield users whose e-mail address is not stored in its normal form, with that form.

        Without those whose mails went to another domain: Django sends mails for straße.example to
        strasse.example, whose owner has proved the address and need not be the former's.
        """
        for user in self.exclude(email__regex=r"^[ -~]*$").order_by("pk"):
            with suppress(ValidationError, UnicodeError):
                local, _, domain = user.email.rpartition("@")
                normal = email_addresses.normal_form(user.email)
                if normal == f"{local}@{punycode(domain)}" and local.isascii():
                    yield user, normal

    def of_one_mailbox(self) -> "list[list[CustomUser]]":
        """Return the accounts that have the same e-mail address, written in different ways."""
        accounts: dict[str, list[CustomUser]] = {}
        for user, normal in self.not_normal():
            accounts.setdefault(normal, []).append(user)
        for user in self.filter(email__in=accounts):
            accounts[user.email].append(user)
        return [together for together in accounts.values() if len(together) > 1]

    def filter_by_username(self, username: str) -> "CustomUserQuerySet":
        """Filter the user of that username, ignoring case. Other characters find nobody."""
        if not USERNAME.fullmatch(username):  # a database may raise an error for another text
            return self.none()
        return self.filter(username__lower=username.lower())

    def search(self, text: str, by: Viewer, most: int = MOST_FOUND) -> "list[CustomUser]":
        """Return at most `most` active users with a name that begins so, the best first.

        A name is the username or a word of the display name; accents and case do not matter. A
        leading `@` is left out. Raise NotAuthenticated for an anonymous viewer, ValidationError for
        a bad text, RateLimited, and TooSlow when it takes more than SEARCH_SECONDS.
        """
        user = self.get_active(by)
        try:
            wanted = fold_for_search(clean_text(text, MAX_QUERY)).removeprefix("@").strip()
            MaxLengthValidator(MAX_QUERY)(wanted)
        except ValidationError as error:
            raise ValidationError({"q": error.messages}) from None
        if not 1 <= most <= MOST_FOUND:
            raise ValidationError(f"Give a number from 1 to {MOST_FOUND}.")
        limits.spend("people", user)
        if not wanted:
            return []
        begins = Q(names_folded__contains=f" {wanted}")
        if USERNAME.fullmatch(wanted):  # rows of an earlier release
            begins |= Q(names_folded=None, username__lower__startswith=wanted)
        is_username = Case(
            When(username__lower=wanted, then=0),
            When(username__lower__startswith=wanted, then=1),
            default=2,
        )
        found = self.filter(begins, is_active=True).order_by(is_username, "username__lower")
        with connection.time_limit(SEARCH_SECONDS):  # type: ignore[attr-defined]
            return list(found[:most])

    def get_by_username(self, username: str) -> "CustomUser":
        """Return the active user of that username, ignoring case. Raise CustomUser.DoesNotExist."""
        return self.filter_by_username(username).get(is_active=True)

    def get_by_id(self, id: str) -> "CustomUser":
        """Return the active user with that id of a client. Raise CustomUser.DoesNotExist."""
        is_number = id.isascii() and id.isdigit() and len(id) < 19
        return self.get(pk=int(id) if is_number else 0, is_active=True)


class CustomUserManager(BaseUserManager["CustomUser"]):
    # What apps above this one add to the user of a session: functions that return an annotation.
    session_annotations: ClassVar[dict[str, Callable[[], Any]]] = {}

    def get_by_natural_key(self, username: str | None) -> "CustomUser":
        """Return the account of that e-mail address. Raise CustomUser.DoesNotExist."""
        user = self.get_queryset().with_email(username or "")  # type: ignore[attr-defined]
        if user is None:
            raise self.model.DoesNotExist
        return user  # type: ignore[no-any-return]

    def create_user(
        self, email: str, password: str | None = None, *, username: str = "", **fields: Any
    ) -> "CustomUser":
        """Create a user and return it; an empty username is generated.

        Raise ValidationError when a field is not acceptable or already taken.
        """
        user = self.model(email=email, username=username or generate_username(), **fields)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(
        self, email: str, password: str | None = None, **fields: Any
    ) -> "CustomUser":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    @cached_property
    def _by_pk(self) -> CompiledQuery:
        users: Any = self.filter(pk=-1)
        annotations = {name: make() for name, make in self.session_annotations.items()}
        return CompiledQuery(users.annotate(**annotations), pk=-1)

    def get_for_session(self, pk: int) -> "CustomUser | None":
        """Return the user of a session, with `session_annotations`, or None. Compiled once.

        Each page of a logged-in user reads it: see docs/adr/0012-compiled-queries.md.
        """
        user: CustomUser | None = self._by_pk.first(pk=pk)
        return user


def generate_username() -> str:
    """Return a random username: not made from the e-mail address, which is private."""
    return f"user_{get_random_string(8).lower()}"


class DisplayNameMixin:
    """The name by which a user is shown."""

    username: Any
    display_name: Any

    @property
    def name(self) -> str:
        """Return the display name, or the username without one."""
        return str(self.display_name or self.username)


class CustomUser(DisplayNameMixin, NotificationSettings, AbstractBaseUser, PermissionsMixin):
    """A user. The e-mail address is shown to the user and to staff only."""

    email = EmailAddressField("e-mail address", unique=True, max_length=email_addresses.MAX_LENGTH)
    username = models.CharField(
        max_length=30,
        validators=[RegexValidator(USERNAME.pattern, "Use letters, digits and _ only.")],
        help_text="Letters, digits and _; unique whatever its case.",
    )
    display_name = PlainTextField(max_length=50, blank=True, validators=[validate_one_line])
    bio = PlainTextField(max_length=280, blank=True)
    # For searches. None in rows of an earlier release: see `tasks.fold_names`.
    names_folded = FoldedField(source="names", null=True, default=None)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)
    # Empty in rows of an earlier release, which stored accounts before their activation: it
    # distinguishes one that was never activated from one that staff deactivated.
    activated_on = models.DateTimeField(default=timezone.now, null=True, blank=True, editable=False)
    notifications_read_up_to = models.DateTimeField(db_default=EPOCH, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = CustomUserManager.from_queryset(CustomUserQuerySet)()

    if TYPE_CHECKING:
        proof: str  # annotated by `get_active`

    class Meta:
        verbose_name = "user"
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="username_unique_whatever_its_case",
                violation_error_message="This username is taken.",
            )
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def names(self) -> str:
        """Return all by which users look for this one, each word after a space."""
        return f" {self.username} {self.display_name}"

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Store the folded names with the names."""
        if update_fields is not None and {"username", "display_name"} & set(update_fields):
            update_fields = {*update_fields, "names_folded"}
        super().save(update_fields=update_fields, **options)

    @property
    def bio_segments(self) -> list[text_grammar.Segment]:
        """Return the bio as text, tags and links, to print. Mentions in it are text."""
        return text_grammar.segments(self.bio, {})

    @property
    def is_never_activated(self) -> bool:
        """Return what `never_activated` of the query set filters by."""
        return not self.is_active and self.activated_on is None and self.last_login is None

    def clean(self) -> None:
        """Do nothing: Django would change the e-mail address, whose field has its normal form."""

    @classmethod
    def check_raw_lengths(cls, **texts: str) -> None:
        """Raise ValidationError, by field, for texts that are much longer than their fields.

        For texts that are processed before `full_clean`.
        """
        errors: dict[str, list[ValidationError]] = {}
        for name, text in texts.items():
            try:
                check_raw_length(text, getattr(cls._meta.get_field(name), "max_length", None))
            except ValidationError as error:
                errors[name] = [error]
        if errors:
            raise ValidationError(errors)

    def set_password(self, raw_password: str | None) -> None:
        """Set it. Raise ValidationError for one that is too long to be worth hashing."""
        if raw_password is not None and len(raw_password) > MAX_PASSWORD:
            raise ValidationError({"password": ["This password is too long."]})
        super().set_password(normalize_password(raw_password))

    def check_password(self, raw_password: str | None) -> bool:
        if raw_password is not None and len(raw_password) > MAX_PASSWORD:
            return False
        return super().check_password(normalize_password(raw_password))

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Return the hash that sessions and token families depend on.

        It covers the password *and* the e-mail address: any change of either ends them all. Django
        covers the password only. The salt is stored in effect: another one would end them, too.
        """
        covered = f"{self.password}\n{self.email}"
        return salted_hmac("ublog.sign-in", covered, secret=secret, algorithm="sha256").hexdigest()

    def matches_auth_hash(self, auth_hash: str) -> bool:
        """Return whether what was started with this hash is still valid, by any current secret."""
        valid = (self.get_session_auth_hash(), *self.get_session_auth_fallback_hash())
        return any(constant_time_compare(auth_hash, one) for one in valid)


def normalize_password(password: str | None) -> Any:
    """Return the password in NFC, as RFC 8265, section 4.2.2 has it: keyboards differ."""
    return normalize("NFC", password) if isinstance(password, str) else password


class TokenFamily(models.Model):
    """A token family: the chain of refresh tokens since a login, and its Django session.

    No token is stored, nor a hash of one. A refresh token is signed and contains its position in
    the chain. Only the newest position is valid, so one number is the state of all tokens.
    """

    user = models.ForeignKey(CustomUser, on_delete=models.CASCADE, related_name="families")
    # Its name in tokens and interfaces. Random, unlike a primary key, which a site restored from a
    # backup would use again. Empty in rows of an earlier release: `token_families.purge` ends them.
    name = models.UUIDField(null=True, editable=False)
    auth_hash = models.CharField(max_length=64, editable=False)
    position = models.PositiveIntegerField(default=1, help_text="Of the one token not yet used.")
    # When the tokens before it were used, the newest first: seconds since the epoch. Only those
    # of the last `token_families.GRACE` seconds are kept.
    uses = models.JSONField(default=list)
    created_on = models.DateTimeField(default=timezone.now)
    last_used_on = models.DateTimeField(default=timezone.now)
    expires_on = models.DateTimeField(db_index=True)
    user_agent = models.CharField(max_length=200, blank=True)
    session_key = models.CharField(max_length=40, blank=True, db_index=True)

    class Meta:
        # The name of the table in earlier releases, which serve during an upgrade.
        db_table = "accounts_refreshfamily"
        verbose_name_plural = "token families"
        indexes = [models.Index(fields=["name"], name="families_by_name")]

    def __str__(self) -> str:
        return f"session {self.pk} of user {self.user_id}"

    @property
    def is_alive(self) -> bool:
        """Return whether it has not expired, and its user could still log in the same way."""
        current = self.user.is_active and self.user.matches_auth_hash(self.auth_hash)
        return current and self.expires_on > timezone.now()

    def lasts_until(self, now: datetime) -> datetime:
        """Return when it expires if it is last used now."""
        return min(now + IDLE, self.created_on + ABSOLUTE)


class Mail(models.Model):
    """A mail to send. The row is deleted when it is sent.

    Its task gets the id of the row, the same in each attempt, so the mail has one Message-ID.
    """

    class Kind(models.TextChoices):
        SIGN_UP = "sign_up"
        ACTIVATION = "activation"  # of an earlier release, which may have left some in the queue
        PASSWORD_RESET = "password_reset"  # noqa: S105
        PASSWORD_CHANGED = "password_changed"  # noqa: S105
        EMAIL_CHANGE = "email_change"
        EMAIL_CHANGED = "email_changed"
        DELETED = "deleted"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    to = models.EmailField(max_length=254)
    # None when the mail is about the address, as at sign-up; when the address has no account, and
    # no mail is sent, which takes as long; and when the account was deleted.
    user = models.ForeignKey(CustomUser, on_delete=models.CASCADE, null=True, related_name="+")
    # By which somebody signs up; the link in the mail contains it.
    invitation = models.ForeignKey(Invitation, on_delete=models.CASCADE, null=True)
    created_on = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.kind} mail {self.pk}"
