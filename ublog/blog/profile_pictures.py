"""Set and remove the picture of a user's profile, by the code and the quotas of posts' pictures."""

from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from ublog.accounts.actions import ProfileChanges, update_profile
from ublog.accounts.models import CustomUser
from ublog.accounts.pictures import LARGE, SMALL
from ublog.blog import files, images, quotas
from ublog.blog.fields import random_stem
from ublog.core.viewers import Viewer

# What the name of each file ends with, by the name of its column.
ENDINGS = {"avatar": SMALL[0], "avatar_large": LARGE[0]}


def set_avatar(*, by: Viewer, avatar: Any, **changes: Unpack[ProfileChanges]) -> CustomUser:
    """Set the profile picture of the viewer to that of a file; "" or None removes it.

    `changes` of the profile are stored with it, or nothing is. The file that is stored already
    changes nothing. Raise NotAuthenticated, ValidationError for the field `avatar` and for those of
    `changes`, RateLimited, Unavailable or StorageFull.
    """
    user = CustomUser.objects.get_active(by)
    if avatar and avatar in (user.avatar, user.avatar_large):
        return update_profile(by=by, **changes) if changes else user
    if not avatar:
        return _store(user, {}, 0, changes)
    made = _accept(user, avatar)
    stem = random_stem(files.AVATARS)
    with files.storing() as store:
        names = {field: store(f"{stem}{ENDINGS[field]}", made[field]) for field in made}
        return _store(user, names, sum(file.size for file in made.values()), changes)


def _accept(user: CustomUser, avatar: Any) -> dict[str, images.AcceptedImage]:
    """Return the squares of the file, by column. Each attempt counts as one of a post does."""
    try:
        quotas.check_user(user, replaced=user.avatar_bytes)
        with quotas.count_attempt(user):
            return images.squares("avatars", avatar)
    except ValidationError as error:
        raise ValidationError({"avatar": error.messages}) from None


def _store(
    user: CustomUser, names: dict[str, str], size: int, changes: ProfileChanges
) -> CustomUser:
    """Store the names of the files, "" without one, and discard the files that were there."""
    with transaction.atomic():
        if changes:
            user = update_profile(by=user, **changes)
        locked = CustomUser.objects.select_for_update(no_key=True).get_active(user)
        if names:
            quotas.spend_user(locked, size, replaced=locked.avatar_bytes, field="avatar")
        files.discard(locked.avatar_names)
        for owner in user, locked:
            owner.avatar, owner.avatar_large = (
                names.get("avatar", ""),
                names.get("avatar_large", ""),
            )
            owner.avatar_bytes = size
        locked.save(update_fields=["avatar", "avatar_large", "avatar_bytes"])
    return user


@receiver(post_delete, sender=CustomUser)
def discard_files(instance: CustomUser, **_: Any) -> None:
    """Delete the profile picture of a deleted user, also when the admin or a shell deletes them."""
    files.discard(instance.avatar_names)
