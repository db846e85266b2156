"""Archives of users' own data: the worker makes one, and its user downloads it within a week."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone

from ublog.accounts.models import CustomUser


class Archive(models.Model):
    """The archive of a user: requested, then made, then expired. There is one at a time."""

    KEEP: ClassVar = timedelta(days=7)
    # If none is made by then, the task was given up.
    MADE_WITHIN: ClassVar = timedelta(days=1)

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="archive"
    )
    created_on = models.DateTimeField(default=timezone.now)
    made_on = models.DateTimeField(null=True)
    # When the worker that makes it was last at work.
    touched_on = models.DateTimeField(null=True)
    # Of its file in the storage `archives`. No FileField: backups do not have the file.
    name = models.CharField(max_length=100, blank=True)
    size = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"archive of user {self.user_id}"

    @property
    def expires_on(self) -> datetime | None:
        """Return until when it can be downloaded; None while it is being made."""
        return self.made_on + self.KEEP if self.made_on else None

    @property
    def is_current(self) -> bool:
        """Return whether it can be downloaded, or is still being made."""
        return (self.expires_on or self.created_on + self.MADE_WITHIN) > timezone.now()


def storage() -> Storage:
    return storages["archives"]


def get_archive(user: CustomUser) -> Archive | None:
    """Return the current archive of a user, which may still be in the making."""
    found = Archive.objects.filter(user=user).first()
    return found if found and found.is_current else None


@receiver(post_delete, sender=Archive)
def discard_file(instance: Archive, **_: Any) -> None:
    """Delete the file of an archive that expires, or whose user is deleted."""
    if name := instance.name:
        transaction.on_commit(lambda: storage().delete(name))
