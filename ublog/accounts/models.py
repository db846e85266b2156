"""Users, who log in by e-mail address and are shown by username; token families; mails to send."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar
from unicodedata import normalize
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.functional import cached_property

from ublog.accounts import email_addresses
from ublog.accounts.fields import EmailAddressField
from ublog.accounts.former_usernames import FormerUsername
from ublog.accounts.invitations import Invitation
from ublog.accounts.moderation_log import LogEntry  # noqa: F401  a model of this app
from ublog.accounts.notification_settings import NotificationSettings
from ublog.accounts.pictures import ProfilePicture
from ublog.accounts.querysets import (
    USERNAME,
    CustomUserQuerySet,
    Identity,
    check_proof,
    identity_of,
)
from ublog.accounts.token_models import PersonalToken as PersonalToken
from ublog.core import text_grammar
from ublog.core.cursors import EPOCH
from ublog.core.db.compiled_query import CompiledQuery
from ublog.core.text import (
    FoldedField,
    PlainTextField,
    check_raw_length,
    validate_one_line,
)
from ublog.core.viewers import Viewer

# `username__lower` uses the index of the constraint below, which `iexact` would not.
models.CharField.register_lookup(Lower)

MAX_PASSWORD = 256  # characters; more proves nothing and costs hashing
IDLE = timedelta(days=14)  # lifetime of a token family since its last use
ABSOLUTE = timedelta(days=30)  # lifetime of a token family since the login
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)  # the end of a suspension without an end
# These represent any viewer in a query that is compiled once.
ANYBODY: Identity = {"pk": -1, "family": UUID(int=0), "started_by": EPOCH}


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
    def _active(self) -> dict[bool, CompiledQuery]:
        """The queries of `get_active`, by whether the viewer has a token family."""
        queries = {}
        for family in (None, ANYBODY["family"]):
            found = self.get_queryset().of_identity(**{**ANYBODY, "family": family})  # type: ignore[attr-defined]
            queries[family is not None] = CompiledQuery(found, **ANYBODY)
        return queries

    def get_active(self, viewer: Viewer) -> "CustomUser":
        """Return what `CustomUserQuerySet.get_active` does. Compiled once: each write reads it."""
        identity = identity_of(viewer)
        compiled = self._active[identity["family"] is not None]
        return check_proof(compiled.first(**identity) if viewer.pk else None, identity)

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


class CustomUser(
    DisplayNameMixin, ProfilePicture, NotificationSettings, AbstractBaseUser, PermissionsMixin
):
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
    # By a moderator: see `suspension`. In the past it has ended; FOREVER: without an end.
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)
    notifications_read_up_to = models.DateTimeField(db_default=EPOCH, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = CustomUserManager.from_queryset(CustomUserQuerySet)()
    stored_username = ""

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
    def role(self) -> str:
        """Return what the user may do for the site, for clients to offer it."""
        if self.is_superuser:
            return "administrator"
        return "moderator" if self.is_staff else "member"

    @property
    def names(self) -> str:
        """Return all by which users look for this one, each word after a space."""
        return f" {self.username} {self.display_name}"

    def save(self, *, update_fields: Iterable[str] | None = None, **options: Any) -> None:
        """Store the folded names with the names, and reserve a username that is given up."""
        if update_fields is not None and {"username", "display_name"} & set(update_fields):
            update_fields = {*update_fields, "names_folded"}
        before = self.stored_username
        if update_fields is not None and "username" not in update_fields:
            super().save(update_fields=update_fields, **options)
            return
        if before.lower() in ("", self.username.lower()):
            super().save(update_fields=update_fields, **options)
        else:
            with transaction.atomic():
                super().save(update_fields=update_fields, **options)
                FormerUsername.objects.reserve(before, self)
        self.stored_username = self.username

    @classmethod
    def from_db(cls, db: str | None, field_names: Any, values: Any, **options: Any) -> "CustomUser":
        """Return the user, with the username that the database has as `stored_username`."""
        user: CustomUser = super().from_db(db, field_names, values, **options)
        user.stored_username = user.__dict__.get("username", "")
        return user

    @property
    def created_on(self) -> datetime:
        """Return what the cursor of a list of users is made of."""
        return self.date_joined

    @property
    def bio_segments(self) -> list[text_grammar.Segment]:
        """Return the bio as text, tags and links, to print. Mentions in it are text."""
        return text_grammar.segments(self.bio, {})

    @property
    def is_never_activated(self) -> bool:
        """Return what `never_activated` of the query set filters by."""
        return not self.is_active and self.activated_on is None and self.last_login is None

    @property
    def is_suspended(self) -> bool:
        """Return what `active_now` looks at besides `is_active`."""
        return self.suspended_until is not None and self.suspended_until > timezone.now()

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


class Application(models.Model):
    """Somebody has proved an address and made an account, which waits for a moderator.

    The account is not active until then. The row ends with the decision.
    """

    user = models.OneToOneField(CustomUser, on_delete=models.CASCADE, related_name="application")
    reason = PlainTextField(max_length=280, blank=True, help_text="Why they want to join.")
    created_on = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        # The queue of moderators.
        indexes = [models.Index(F("created_on").desc(), F("id").desc(), name="applications_queue")]

    def __str__(self) -> str:
        return f"application {self.pk}"

    @property
    def email(self) -> str:
        """Return the e-mail address, which is proved."""
        return str(self.user.email)


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
        may_log_in = self.user.is_active and not self.user.is_suspended
        current = may_log_in and self.user.matches_auth_hash(self.auth_hash)
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
        APPROVED = "approved"
        NOT_APPROVED = "not_approved"
        ARCHIVE = "archive"  # of the own data, which can be downloaded

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
