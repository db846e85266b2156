"""Images that users send before the post to which they will belong."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from ublog.blog.fields import MAX_ALT, AcceptedImageField
from ublog.core.ids import parse_id
from ublog.core.text import PlainTextField

NO_UPLOAD = {
    "upload": ["The picture belongs to a post already, or does not exist any more: send it again."]
}


class UploadManager(models.Manager["Upload"]):
    def expired(self) -> models.QuerySet["Upload"]:
        return self.filter(created_on__lt=timezone.now() - Upload.KEEP).order_by("pk")

    def file_names_in(self, prefix: str) -> set[str]:
        """Return the names of the files, from that prefix on."""
        return set(self.filter(image__startswith=prefix).values_list("image", flat=True))


class Upload(models.Model):
    """An image of a user that is in no post yet. Publishing it deletes the row: the post has it."""

    KEEP: ClassVar = timedelta(days=1)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="uploads"
    )
    image = AcceptedImageField()
    image_alt = PlainTextField("picture description", max_length=MAX_ALT, blank=True)
    image_width = models.PositiveIntegerField(default=0, editable=False)
    image_height = models.PositiveIntegerField(default=0, editable=False)
    image_bytes = models.BigIntegerField(default=0, editable=False)
    image_color = models.CharField(max_length=7, null=True, editable=False)  # noqa: DJ001
    created_on = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    objects = UploadManager()

    def __str__(self) -> str:
        return f"upload of user {self.user_id}"


def parse_upload(upload: int | str | None) -> int:
    """Return the id of an upload, as a client sent it; 0 for none. Raise ValidationError."""
    if upload in (None, ""):
        return 0
    if not (id := parse_id(upload)):
        raise ValidationError(NO_UPLOAD)
    return id
