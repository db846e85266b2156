"""What becomes of mentions when a user is renamed or deleted."""

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_save, pre_delete
from django.dispatch import receiver

from ublog.accounts.models import CustomUser
from ublog.blog import tasks
from ublog.blog.models import PostMention
from ublog.core.background.outbox import later


@receiver(post_save, sender=CustomUser)
def renew_mentions(
    instance: CustomUser, created: bool, update_fields: Collection[str] | None, **_: Any
) -> None:
    """Have the posts that mention the user renewed, if the username may have changed."""
    may_have_changed = not created and (update_fields is None or "username" in update_fields)
    if may_have_changed and PostMention.objects.filter(user=instance).exists():
        later(tasks.renew_mentions, instance.pk)


@receiver(pre_delete, sender=CustomUser)
def forget_mentions(instance: CustomUser, **_: Any) -> None:
    """Have the mentions of a user who is deleted become text."""
    if PostMention.objects.filter(user=instance).exists():
        later(tasks.forget_mentions)
