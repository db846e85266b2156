"""What users do with posts. Each action checks its own rule, for every interface.

All raise NotAuthenticated, PermissionDenied, Post.DoesNotExist, ValidationError or RateLimited, and
then nothing has changed. `by` is the viewer who acts; the result is the post as they see it now.

`version` is the version of the post that they saw when they decided: when it is another one now,
Stale is raised. Without one, the last writer wins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypedDict, Unpack

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, OuterRef

from ublog.accounts.models import CustomUser
from ublog.blog import files, quotas, tasks
from ublog.blog.models import Post, PostLike, PublishKey, checked_id
from ublog.blog.post_rows import PostRow
from ublog.core import limits
from ublog.core.exceptions import StorageFull, Unavailable
from ublog.core.viewers import Viewer


class Changes(TypedDict, total=False):
    """What an edit may change; what is absent stays. An empty `image` removes the picture."""

    body: str
    image: Any
    image_alt: str


def publish(
    *, by: Viewer, body: str, image: Any = None, image_alt: str = "", key: str = ""
) -> Post:
    """Publish a post; without an author when the viewer is anonymous.

    With an idempotency key it is published once: for 24 hours, the same user (or network, when
    anonymous), key and content return the post that was published first. Raise
    IdempotencyKeyReused for other content with that key.
    """
    Post.check_publishable_by(by)
    author = CustomUser.objects.get_active(by) if by.is_authenticated else None
    post = Post(created_by=author, body=body, image=image or "", image_alt=image_alt or "")
    post.check_acceptable()
    if key:
        return _publish_once(post, by, PublishKey.of(key, limits.budget_of(by), post))
    if post.has_new_image:
        return _publish_image(post)
    limits.spend(_limit_of(post), author)
    with transaction.atomic():
        _store(post)
    return post


def _publish_image(post: Post) -> Post:
    """What the day's bytes refuse, when others were stored at the same time, spends no post."""
    limits.check(_limit_of(post), post.created_by)
    _accept_image(post)
    with files.storing_images(post):
        _store(post)
        quotas.spend(post)
        limits.spend(_limit_of(post), post.created_by)
    return post


def _publish_once(post: Post, by: Viewer, key: PublishKey) -> Post:
    """Of many at once, the one that stores the key first stores its post; the others wait for
    that, and neither store nor spend anything. A post that was made before is not decoded again."""
    if post.has_new_image:
        if made := key.made():
            return _whole(by, made)
        limits.check(_limit_of(post), post.created_by)
        _accept_image(post)
    try:
        with files.storing_images(post):
            _store(post)
            key.post = post
            key.save(force_insert=True)
            if post.image:
                quotas.spend(post)
            limits.spend(_limit_of(post), post.created_by)
    except IntegrityError:
        if made := key.made():
            return _whole(by, made)
        raise
    return post


def _whole(by: Viewer, post_id: int) -> Post:
    post: Post = Post.objects.get_post(by, post_id)
    return post


def _limit_of(post: Post) -> str:
    return "post" if post.created_by else "anonymous_post"


def _accept_image(post: Post) -> None:
    """Have a new image decoded, which costs, if its author may store one. Each attempt counts,
    unless it is not made. Raises ValidationError, RateLimited, Unavailable, StorageFull."""
    quotas.check(post)
    limits.spend("image", post.created_by)
    try:
        post.accept_image()
    except (StorageFull, Unavailable):
        limits.give_back("image", of=limits.budget_of(post.created_by))
        raise


def _store(post: Post) -> None:
    post.save()
    tasks.enqueue_renditions(post)
    post.viewer_like = None


def edit(
    *, post_id: int | str, by: Viewer, version: str | None = None, **changes: Unpack[Changes]
) -> Post:
    """Change the text or the picture of one's own post. The post keeps its place."""
    post = _own_post(post_id, by, version)
    old_files = post.file_names
    for name, value in changes.items():
        setattr(post, name, value or "")
    post.check_acceptable()
    if new_image := post.has_new_image:
        _accept_image(post)
    with files.storing_images(post), _while_there(post_id):
        if version is not None:
            _lock(post_id, by).check_version(version)
        post.save(update_fields=Post.EDITABLE)
        if new_image:
            quotas.spend(post)
        files.discard(old_files - post.file_names)
        tasks.enqueue_renditions(post)
    return post


def delete(*, post_id: int | str, by: Viewer, version: str | None = None) -> None:
    """Delete one's own post, with its likes and its picture."""
    post = _own_post(post_id, by, version)
    with _while_there(post_id):
        # Likes first, as taking one back locks it before its post; then nobody can add another.
        PostLike.objects.filter(post=post).delete()
        _lock(post_id, by).check_version(version)
        post.delete()


def like(*, post_id: int | str, by: Viewer) -> PostRow:
    """Like a post; liking it again changes nothing."""
    return _set_like(post_id, CustomUser.objects.get_active(by), liked=True)


def unlike(*, post_id: int | str, by: Viewer) -> PostRow:
    """Take one's like back; without one nothing changes."""
    return _set_like(post_id, CustomUser.objects.get_active(by), liked=False)


def toggle_like(*, post_id: int | str, by: Viewer) -> PostRow:
    """The click: like a post that one does not like, and take the like back otherwise."""
    mine = PostLike.objects.filter(post=checked_id(post_id), liked_by=OuterRef("pk"))
    person = CustomUser.objects.annotate(likes_it=Exists(mine)).get_active(by)
    return _set_like(post_id, person, liked=not person.likes_it)


def _own_post(post_id: int | str, by: Viewer, version: str | None) -> Post:
    post = Post.objects.get_editable(by, post_id)
    CustomUser.objects.get_active(by)
    post.check_version(version)
    return post


def _lock(post_id: int | str, by: Viewer) -> Post:
    """The post as it now is, which nobody else changes before this transaction is over."""
    post: Post = Post.objects.select_for_update(of=("self",)).get_post(by, post_id)
    return post


def _set_like(post_id: int | str, person: CustomUser, *, liked: bool) -> PostRow:
    limits.spend("like", person)
    mine = PostLike(post_id=checked_id(post_id), liked_by=person)
    with _while_there(post_id):
        if liked:
            PostLike.objects.bulk_create([mine], ignore_conflicts=True)
        else:
            PostLike.objects.filter(post_id=mine.post_id, liked_by=person).delete()
        return Post.objects.get_row(person, post_id)


@contextmanager
def _while_there(post_id: int | str) -> Iterator[None]:
    """A transaction; Post.DoesNotExist when it fails since the post was deleted meanwhile."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError:
        if not Post.objects.filter(pk=checked_id(post_id)).exists():
            raise Post.DoesNotExist("There is no such post.") from None
        raise
