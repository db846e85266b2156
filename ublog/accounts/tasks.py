"""Celery tasks of accounts: sending mails, and cleaning up."""

from contextlib import suppress
from datetime import timedelta

from celery import shared_task
from django.db import IntegrityError, transaction
from django.utils import timezone

from ublog.accounts import mails, personal_tokens, token_families
from ublog.accounts.former_usernames import FormerUsername
from ublog.accounts.invitations import Invitation
from ublog.accounts.models import CustomUser, Mail
from ublog.accounts.oauth import expiry as oauth
from ublog.accounts.signed_links import ACTIVATE
from ublog.core.background.outbox import later
from ublog.core.text import fold_for_search

KEEP_UNSENT = timedelta(days=7)
FOLDED_AT_ONCE = 1_000  # users


def enqueue_mail(
    kind: Mail.Kind,
    to: str,
    user: CustomUser | None = None,
    invitation: Invitation | None = None,
) -> None:
    """Have the worker send a mail, once the transaction is committed."""
    mail = Mail.objects.create(kind=kind, to=to, user=user, invitation=invitation)
    later(send_mail, mail.pk)


@shared_task(name="ublog.accounts.tasks.send_mail")
def send_mail(mail_id: int) -> None:
    """Send a mail and delete its row. Without the row, it was sent already: do nothing."""
    row = Mail.objects.select_related("user", "invitation").filter(pk=mail_id).first()
    if row:
        mails.send(row)
        row.delete()


@shared_task(name="ublog.accounts.tasks.fold_names")
def fold_names(after_id: int = 0) -> int:
    """Fold names that an earlier release stored, from that id on; return how many.

    Another task goes on where this one ends. It may run twice.
    """
    users = CustomUser.objects.filter(names_folded=None, pk__gt=after_id).order_by("pk")
    batch = list(users.only("username", "display_name")[:FOLDED_AT_ONCE])
    for user in batch:
        same = {"username": user.username, "display_name": user.display_name}
        CustomUser.objects.filter(pk=user.pk, **same).update(
            names_folded=fold_for_search(user.names)
        )
    if len(batch) == FOLDED_AT_ONCE:
        later(fold_names, batch[-1].pk)
    return len(batch)


@shared_task(name="ublog.accounts.tasks.purge")
def purge() -> int:
    """Delete what has expired: sessions, tokens, also those of OAuth, invitations, mails that were
    never sent, and the reservations of former usernames.

    Return how many.

    Of what an earlier release stored, delete accounts that were not activated in time, and give
    e-mail addresses their normal form.
    """
    now = timezone.now()
    old = Mail.objects.filter(created_on__lt=now - KEEP_UNSENT)
    never = CustomUser.objects.never_activated().filter(date_joined__lt=now - ACTIVATE.lifetime)
    expired = Invitation.objects.filter(expires_on__lt=now)
    names = FormerUsername.objects.expired()
    deleted = sum(rows.delete()[0] for rows in (old, never, expired, names))
    ended = token_families.purge() + personal_tokens.purge() + oauth.purge()
    return ended + deleted + normalize_addresses()


def normalize_addresses() -> int:
    """Give e-mail addresses that an earlier release stored their normal form; return how many.

    Those whose normal form another account has stay as they are: the doctor lists them. As each
    change of an address does, this ends the sessions of its user.
    """
    changed = 0
    for user, normal in CustomUser.objects.with_other_normal_form():
        with suppress(IntegrityError), transaction.atomic():
            same = CustomUser.objects.filter(pk=user.pk, email=user.email)
            changed += same.update(email=normal)
    return changed
