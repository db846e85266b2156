"""When a user gets mails of notifications."""

from django.db import models

from ublog.accounts import time_zones


class EmailNotifications(models.TextChoices):
    """When a user gets mails of notifications."""

    OFF = "off"
    IMMEDIATE = "immediate", "Immediately"
    DAILY = "daily", "Once a day, in the morning"


class NotificationSettings(models.Model):
    """The columns of a user that say so."""

    email_notifications = models.CharField(
        max_length=10,
        choices=EmailNotifications.choices,
        default=EmailNotifications.DAILY,
        db_default=EmailNotifications.DAILY,
    )
    time_zone = models.CharField(
        max_length=time_zones.MAX_LENGTH,
        default=time_zones.DEFAULT,
        db_default=time_zones.DEFAULT,
        validators=[time_zones.validate],
    )

    class Meta:
        abstract = True
