"""Usernames that users had: each is reserved for a while, so that nobody else is taken for them."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from ublog.accounts.models import CustomUser

KEEP = timedelta(days=90)


class FormerUsernameQuerySet(models.QuerySet["FormerUsername"]):
    def reserve(self, username: str, user: "CustomUser") -> None:
        """Reserve the username that the user had until now."""
        fields = {"user": user, "expires_on": timezone.now() + KEEP}
        self.update_or_create(username=username.lower(), defaults=fields)

    def check_free(self, user: "CustomUser") -> None:
        """Raise ValidationError if the user's new username is reserved for somebody else.

        Call it after the user is stored, in the same transaction: a user who gives up that name at
        this moment has committed by then, since the index of usernames makes one wait for the
        other.
        """
        reserved = self.filter(username=user.username.lower(), expires_on__gt=timezone.now())
        if reserved.exclude(user=user.pk or 0).exists():
            raise ValidationError({"username": ["This username is taken."]})

    def expired(self) -> "FormerUsernameQuerySet":
        return self.filter(expires_on__lt=timezone.now())


class FormerUsername(models.Model):
    """A username, in lower case, that a user had until some time before `expires_on`."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="former_usernames"
    )
    username = models.CharField(max_length=30, unique=True)
    expires_on = models.DateTimeField()

    objects = FormerUsernameQuerySet.as_manager()

    def __str__(self) -> str:
        return self.username
