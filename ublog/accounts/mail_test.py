"""The mail by which an administrator finds out whether mails are sent."""

from smtplib import SMTPException

from django.core.exceptions import ValidationError

from ublog.accounts.roles import get_administrator
from ublog.core import limits, mail
from ublog.core.observability.masking import summary
from ublog.core.viewers import Viewer

NO_SMTP = "This site has no mail server: set UBLOG_SMTP_URL."


def send_test_mail(*, by: Viewer) -> str:
    """Send a mail to the administrator now. Return their e-mail address.

    Raise ValidationError with what the mail server responded, NotAuthenticated, PermissionDenied
    or RateLimited.
    """
    user = get_administrator(by)
    if not mail.is_configured():
        raise ValidationError(NO_SMTP)
    limits.spend("test_mail", user)
    try:
        mail.send("test", user.email, {"user": user})
    except (OSError, SMTPException) as failure:  # TimeoutError and those of TLS are OSErrors
        reason = summary(failure) or type(failure).__name__
        raise ValidationError(f"The mail server did not take the mail: {reason}") from None
    return str(user.email)
