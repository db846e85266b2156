"""What the worker does for accounts: sends mails, ends old sign-ins."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from ublog.accounts import mails, sessions
from ublog.accounts.models import CustomUser, Mail
from ublog.core.outbox import later

KEEP_UNSENT = timedelta(days=7)


def mail_soon(kind: Mail.Kind, to: str, user: CustomUser | None = None) -> None:
    """Have the worker write and send a mail, once the transaction is committed."""
    mail = Mail.objects.create(kind=kind, to=to, user=user)
    later(send_mail, mail.pk)


@shared_task
def send_mail(mail_id: int) -> None:
    """Write and send a mail; one that is sent already does no harm."""
    letter = Mail.objects.select_related("user").filter(pk=mail_id).first()
    if letter is not None:
        mails.send(letter)
        letter.delete()


@shared_task
def purge() -> int:
    """End the sign-ins that are too old and forget mails that could not be sent; how many."""
    old = Mail.objects.filter(created_on__lt=timezone.now() - KEEP_UNSENT)
    return sessions.purge() + old.delete()[0]
