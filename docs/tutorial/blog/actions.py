"""What users do with posts, and the rules for it. Nothing here knows of HTTP."""

from django.core.exceptions import PermissionDenied

from blog.models import Post


def publish(*, by, body):
    """Publish a post and return it. Raises ValidationError, PermissionDenied."""
    check_logged_in(by)
    return save(Post(author=by), body)


def edit(post, *, by, body):
    """Change the text of a post and return the post. Raises ValidationError, PermissionDenied."""
    post.check_author(by)
    return save(post, body)


def delete(post, *, by):
    """Delete a post. Raises PermissionDenied."""
    post.check_author(by)
    post.delete()


def like(post, *, by):
    """Like a post and return it. A second like of the same user changes nothing."""
    check_logged_in(by)
    post.likes.add(by)
    return Post.objects.timeline().get(pk=post.pk)


def save(post, body):
    post.body = body.strip()
    post.full_clean()
    post.save()
    return Post.objects.timeline().get(pk=post.pk)


def check_logged_in(user):
    if not user.is_authenticated:
        raise PermissionDenied("Log in first.")
