"""What users do with images before they publish them.

All raise NotAuthenticated, Upload.DoesNotExist, ValidationError, RateLimited, Unavailable or
StorageFull, and then nothing has changed.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.signals import pre_delete
from django.dispatch import receiver

from ublog.accounts.models import CustomUser
from ublog.blog import files, images, quotas
from ublog.blog.decoder.sizes import DERIVED
from ublog.blog.fields import random_name
from ublog.blog.models import Post
from ublog.blog.uploads import NO_UPLOAD, Upload
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer


def upload(*, by: Viewer, image: Any, image_alt: str = "") -> Upload:
    """Store an image of the viewer, for a post within `Upload.KEEP`. It counts as one of a post."""
    user = CustomUser.objects.get_active(by)
    made = Upload(user=user, image=image, image_alt=image_alt)
    made.clean_fields(exclude=["user"])
    quotas.check_user(user)
    with quotas.count_attempt(user):
        accepted = images.accept_field(made.image.file)
    made.image_width, made.image_height = accepted.dimensions
    made.image_bytes, made.image_color = accepted.size, accepted.color
    with files.storing() as store:
        made.image = store(random_name(made, str(accepted.name)), accepted)
        with transaction.atomic():
            locked = CustomUser.objects.select_for_update(no_key=True).get_active(user)
            quotas.spend_user(locked, accepted.size)
            made.save()
    return made


def attach(post: Post) -> None:
    """Make the upload `post.upload_id`, of its author, the image of a post that is stored next.

    Call it in that transaction. Raise ValidationError when there is no such upload any more.
    """
    mine = Upload.objects.select_for_update().filter(user=post.created_by, pk=post.upload_id)
    found = mine.first()
    if found is None:
        raise ValidationError(NO_UPLOAD)
    post.image, post.image_alt, post.image_bytes = found.image, found.image_alt, found.image_bytes
    post.image_width, post.image_height = found.image_width, found.image_height
    post.write(dict.fromkeys(DERIVED))
    post.image_color = found.image_color
    mine.delete()


def get_upload(*, by: Viewer, upload_id: int | str) -> Upload:
    """Return an upload of the viewer."""
    user = CustomUser.objects.get_active(by)
    return Upload.objects.get(user=user, pk=parse_id(upload_id))


def describe(*, by: Viewer, upload_id: int | str, image_alt: str) -> Upload:
    """Change the description of an upload of the viewer."""
    found = get_upload(by=by, upload_id=upload_id)
    found.image_alt = image_alt
    found.clean_fields(exclude=["user", "image"])
    if not Upload.objects.filter(pk=found.pk).update(image_alt=found.image_alt):
        raise Upload.DoesNotExist
    return found


def discard(uploads: QuerySet[Upload]) -> int:
    """Delete these uploads with their files, and return how many.

    They are locked: of one that becomes the image of a post at the same time, the file stays.
    """
    with transaction.atomic():
        locked = list(uploads.select_for_update())
        Upload.objects.filter(pk__in=[one.pk for one in locked]).delete()
        files.discard({str(one.image.name) for one in locked})
    return len(locked)


@receiver(pre_delete, sender=CustomUser)
def discard_all(instance: CustomUser, **_: Any) -> None:
    """Delete the uploads of a user who is deleted, also by the admin or a shell."""
    discard(Upload.objects.filter(user=instance))
