"""Deleting one's account: it belongs here, since the posts must go first or stay behind."""

from django.core.exceptions import ValidationError
from django.db import transaction

from ublog.accounts import actions, backends
from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.core.viewers import Viewer

CHOICES = ("keep", "delete")


def delete_account(*, by: Viewer, password: str, posts: str) -> None:
    """Delete one's account; `posts` is "keep", then they stay without an author, or "delete".

    Raises NotAuthenticated, ValidationError or RateLimited.
    """
    user = CustomUser.objects.get_active(by)
    if posts not in CHOICES:
        raise ValidationError({"posts": ["Say whether to keep or to delete your posts."]})
    backends.prove(user, password)
    with transaction.atomic():
        if posts == "delete":
            Post.objects.filter(created_by=user).delete()
        actions.delete(user=user)
