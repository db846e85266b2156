"""How users are read: by e-mail address, by username, by a search, and for what writes."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, Unpack
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import connection, models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.encoding import punycode

from ublog.accounts import email_addresses, reading, scopes
from ublog.accounts.active_users import active_now
from ublog.core import limits
from ublog.core.cursors import MAX_PAGE_SIZE, Page, PageQuery, PageRequest
from ublog.core.exceptions import NotAuthenticated
from ublog.core.ids import parse_id
from ublog.core.text import clean_text, fold_for_search
from ublog.core.viewers import Viewer

if TYPE_CHECKING:
    from ublog.accounts.models import CustomUser

USERNAME = re.compile(r"\A[A-Za-z0-9_]+\Z")
MAX_QUERY = 80  # code points: a username, a space and a display name have 81
MOST_FOUND = 10  # users, by a search
SEARCH_SECONDS = 2.0  # of the database, for one search
# By how much the clocks of two machines of one site may differ, where a token is compared with
# its family. An access token alone has 10 s (SIMPLE_JWT["LEEWAY"]).
CLOCK_SKEW = timedelta(minutes=1)


class Identity(TypedDict):
    """Who a viewer is. The family is None for a session, which this request has checked."""

    pk: int
    family: UUID | None  # the name of a token family
    started_by: datetime | None  # it is not younger


def identity_of(viewer: Viewer) -> Identity:
    family = getattr(viewer, "family", None)
    started_by = viewer.issued_on + CLOCK_SKEW if family else None  # type: ignore[attr-defined]
    return {"pk": viewer.pk or 0, "family": family, "started_by": started_by}


def check_proof(user: "CustomUser | None", identity: Identity) -> "CustomUser":
    """Return the user that was found. Raise NotAuthenticated without one, and if the token family
    was proved by another password."""
    if user is None or not (identity["family"] is None or user.matches_auth_hash(user.proof)):
        raise NotAuthenticated
    return user


class CustomUserQuerySet(models.QuerySet["CustomUser"]):
    def get_active(self, viewer: Viewer) -> "CustomUser":
        """Return the active user that a viewer is, as the database has it: for what writes.

        An access token was issued some minutes ago. This one query checks that the user is still
        active and not suspended, and that the token's family has not ended: it is this user's, and
        not younger than the token. Raise NotAuthenticated if not, and for an anonymous viewer.
        """
        identity = identity_of(viewer)
        found = iter(self.of_identity(**identity)) if viewer.pk else iter(())
        return check_proof(next(found, None), identity)  # `first` would sort one row

    def of_identity(
        self, pk: int, family: UUID | None, started_by: datetime | None
    ) -> "CustomUserQuerySet":
        """Filter the active user of what `identity_of` returns, with the `proof` of the family."""
        people = self.filter(active_now(), pk=pk)
        if family is None:
            return people
        people = people.filter(families__name=family, families__created_on__lte=started_by)
        return people.annotate(proof=F("families__auth_hash"))  # type: ignore[no-redef]

    def get_logged_in(self, viewer: Viewer) -> "CustomUser":
        """Return what `get_active` does, for what the token of a program may never do.

        Raise what `get_active` raises, and LoginRequired for a program.
        """
        scopes.check_login(viewer)
        return self.get_active(viewer)

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

    def with_other_normal_form(self) -> "Iterator[tuple[CustomUser, str]]":
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

    def sharing_a_mailbox(self) -> "list[list[CustomUser]]":
        """Return the accounts that have the same e-mail address, written in different ways."""
        accounts: dict[str, list[CustomUser]] = {}
        for user, normal in self.with_other_normal_form():
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
        if not 1 <= most <= MAX_PAGE_SIZE:
            raise ValidationError(f"Give a number from 1 to {MAX_PAGE_SIZE}.")
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
        found = self.filter(begins, active_now()).order_by(is_username, "username__lower")
        with connection.time_limit(SEARCH_SECONDS):  # type: ignore[attr-defined]
            return list(found[:most])

    def members(
        self, by: Viewer, q: str | None = None, **request: Unpack[PageRequest]
    ) -> "Page[CustomUser]":
        """Return one page of the active users, newest first; with `q` those that `search` finds.

        A search has one page, of MOST_FOUND users if no page size is given. Raise NotAuthenticated
        for an anonymous viewer, ValidationError for a bad cursor or page size, and what `search`
        raises. Two queries.
        """
        page = PageQuery.at(**request)
        if q is not None:
            most = page.size if request.get("page_size") else MOST_FOUND
            return Page(self.search(q, by, most), None, None)
        self.get_active(by)
        return page.page(list(page.of(self.filter(active_now()), "id")))

    def avatar_names_in(self, prefix: str) -> set[str]:
        """Return the names, from that prefix on, of the files of profile pictures."""
        users = self.filter(avatar__startswith=prefix).only("avatar", "avatar_large")
        return set().union(*(user.avatar_names for user in users.iterator()))

    def filter_by_former_username(self, username: str) -> "CustomUserQuerySet":
        """Filter the user for whom that username is reserved since they took another one."""
        if not USERNAME.fullmatch(username):
            return self.none()
        return self.filter(
            former_usernames__username=username.lower(),
            former_usernames__expires_on__gt=Now(),  # a compiled query takes no moment
        )

    def get_by_username(self, username: str, viewer: Viewer) -> "CustomUser":
        """Return the active user of that username, ignoring case, for a viewer who reads.

        Raise CustomUser.DoesNotExist, and MembersOnly for a viewer who may not read the site.
        """
        return self.filter_by_username(username)._get_for(viewer)

    def get_by_any_username(self, username: str, viewer: Viewer) -> "CustomUser":
        """Return the active user who has that username, or had it before, in this order.

        Raise what `get_by_username` raises.
        """
        try:
            return self.get_by_username(username, viewer)
        except self.model.DoesNotExist:
            return self.filter_by_former_username(username)._get_for(viewer)

    def get_by_id(self, id: str, viewer: Viewer) -> "CustomUser":
        """Return the active user with that id of a client: as `get_by_username` does."""
        return self.filter(pk=parse_id(id))._get_for(viewer)

    def _get_for(self, viewer: Viewer) -> "CustomUser":
        try:
            return self.get(reading.readable_by(viewer), is_active=True)
        except self.model.DoesNotExist:
            reading.check_found(viewer)
            raise
