"""Delete an account and, if its owner says so, the posts: `accounts` knows no posts."""

from django.core.exceptions import ValidationError
from django.db import transaction

from ublog.accounts import actions, backends
from ublog.accounts.models import CustomUser
from ublog.blog import deletion
from ublog.blog.models import Post
from ublog.core.viewers import Viewer

CHOICES = ("keep", "delete")


def delete_account(*, by: Viewer, password: str, posts: str) -> None:
    """Delete the account of `by`; `posts` is "delete", or "keep": they lose their author then.

    Raise NotAuthenticated, ValidationError for a wrong password or choice, or RateLimited.
    """
    user = CustomUser.objects.get_logged_in(by)
    if posts not in CHOICES:
        raise ValidationError({"posts": ["Say whether to keep or to delete your posts."]})
    backends.confirm_password(user, password)
    with transaction.atomic():
        if posts == "delete":
            deletion.delete_all(Post.objects.filter(created_by=user))
        actions.delete(user=user)
