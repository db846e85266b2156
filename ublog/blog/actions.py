"""What users do with posts. Each action checks its own rule, for every interface.

All raise NotAuthenticated, PermissionDenied, Post.DoesNotExist, ValidationError or RateLimited, and
then nothing has changed. `by` is the viewer who acts; an action returns the post as this viewer
sees it afterwards.

`version` is the version of the post that the viewer decided about. If the post has another one by
now, Stale is raised. Without a version, the last write wins.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Unpack

from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Exists, OuterRef

from ublog.accounts import moderation_log
from ublog.accounts.models import CustomUser
from ublog.accounts.moderation_log import ModerationAction
from ublog.blog import deletion, events, files, networks, quotas, tasks, upload_actions
from ublog.blog.models import Post, PostBookmark, PostInput, PostLike, PostMark
from ublog.blog.post_rows import VIEWER_COLUMNS, PostRow
from ublog.blog.publish_keys import PublishKey
from ublog.blog.states import PostState
from ublog.blog.uploads import parse_upload
from ublog.core import limits
from ublog.core.exceptions import Gone, Stale
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer

NOTHING_TO_REPLY_TO = {"in_reply_to": ["The post that you reply to does not exist any more."]}


# -- Publishing --------------------------------------------------------------------------------


def publish(
    *,
    by: Viewer,
    in_reply_to: int | str | None = None,
    key: str = "",
    upload: int | str | None = None,
    **fields: Unpack[PostInput],
) -> Post:
    """Publish a post; without an author when the viewer is anonymous.

    Where the site holds such posts, it is `held` until a moderator approves it.

    `in_reply_to` is the id of the post that it replies to; if it is empty it is no reply.

    `upload` is the id of an upload of the author, which becomes the image, with its description.

    With an idempotency key it is published once: for 24 hours, the same user (or network, when
    anonymous), key and content return the post that was published first. Raise
    IdempotencyKeyReused for other content with that key, and Gone if that post was deleted.
    """
    state = Post.check_publishable_by(by)
    author = CustomUser.objects.get_active(by) if by.is_authenticated else None
    if author and Post.is_held_of(author):
        state = PostState.HELD
    post = Post(created_by=author, state=state)
    post.write(fields)
    if in_reply_to not in (None, ""):
        post.in_reply_to_id = _parse_reply(in_reply_to)
    post.upload_id = parse_upload(upload)
    post.check_acceptable()
    if key:
        return _publish_once(post, by, PublishKey.build(key, limits.budget_of(by), post))
    _check_reply(post)
    if post.has_new_image:
        return _publish_image(post)
    limits.spend(_limit_of(post), author)
    with transaction.atomic():
        _store(post)
    return post


def _publish_image(post: Post) -> Post:
    """Store a post with an image. If the quota of bytes is used up, no post is spent either."""
    limits.check(_limit_of(post), post.created_by)
    _accept_image(post)
    with files.storing_images(post), transaction.atomic():
        _store(post)
        quotas.spend(post)
        limits.spend(_limit_of(post), post.created_by)
    return post


def _publish_once(post: Post, by: Viewer, key: PublishKey) -> Post:
    """Store a post and its key in one transaction, or return the post that this key has.

    Of several requests at once, the first one that stores the key stores its post. The others wait
    for its transaction, and neither store nor spend anything. The image of a post that was
    published before is not decoded again; what a reply replied to, or its upload, may be gone by
    then.
    """
    looks_up = post.has_new_image or post.in_reply_to_id or post.upload_id
    if looks_up and (published := key.find_post_id()):
        return _get_published(by, published)
    _check_reply(post)
    if new_image := post.has_new_image:
        limits.check(_limit_of(post), post.created_by)
        _accept_image(post)
    try:
        with files.storing_images(post), transaction.atomic():
            _store(post)
            key.post = post
            key.save(force_insert=True)
            if new_image:
                quotas.spend(post)
            limits.spend(_limit_of(post), post.created_by)
    except (IntegrityError, ValidationError):  # the latter: another request has the upload
        if published := key.find_post_id():
            return _get_published(by, published)
        raise
    return post


def _get_published(by: Viewer, post_id: int) -> Post:
    """Return the post that an idempotency key has already. Raise Gone if it was deleted."""
    try:
        post: Post = Post.objects.get_for_viewer(by, post_id)
    except Post.DoesNotExist:
        raise Gone from None
    if post.deleted:
        raise Gone
    return post


def _parse_reply(in_reply_to: int | str | None) -> int:
    """Return the id of a post to reply to, as a client sent it. Raise ValidationError."""
    id = parse_id(in_reply_to)
    if not id:
        raise ValidationError(NOTHING_TO_REPLY_TO)
    return id


def _check_reply(post: Post) -> None:
    """Raise ValidationError if this is a reply to what is not published, before it costs more."""
    replied = post.in_reply_to_id
    if replied and not Post.objects.published().filter(pk=replied).exists():
        raise ValidationError(NOTHING_TO_REPLY_TO)


def _join_conversation(post: Post) -> None:
    """Lock the post that this one replies to, and enter its conversation.

    Who deletes that post waits for the reply, and leaves a tombstone. Raise ValidationError if the
    post was deleted first.
    """
    try:
        replied = Post.objects.get_for_update(post.in_reply_to_id)
    except Post.DoesNotExist:
        raise ValidationError(NOTHING_TO_REPLY_TO) from None
    post.in_reply_to, post.conversation = replied, replied.conversation or replied.pk


def _limit_of(post: Post) -> str:
    return "post" if post.created_by else "anonymous_post"


def _accept_image(post: Post) -> None:
    """Decode a new image, if its author may store one.

    Raise ValidationError, RateLimited, Unavailable or StorageFull.
    """
    quotas.check(post)
    with quotas.count_attempt(post.created_by):
        post.accept_image()


def _store(post: Post) -> None:
    if post.upload_id:
        upload_actions.attach(post)
    if post.in_reply_to_id:
        _join_conversation(post)
    post.save()
    networks.remember(post)
    tasks.enqueue_renditions(post)
    vars(post).update(dict.fromkeys(VIEWER_COLUMNS))
    (events.held if post.held else events.published).send(Post, post=post)


# -- Editing and deleting ----------------------------------------------------------------------


def edit(
    *,
    post_id: int | str,
    by: Viewer,
    version: str | None = None,
    upload: int | str | None = None,
    **changes: Unpack[PostInput],
) -> Post:
    """Change the text or the image of the viewer's own post. It keeps its place in lists.

    `upload` is the id of an upload of the viewer, which becomes the image, with its description.

    An edit that changes nothing stores nothing, and the version stays.
    """
    post = _get_editable(post_id, by, version)
    old_files, old_input, mentions_before = post.file_names, post.input, post.mentions
    post.write(changes)
    post.upload_id = parse_upload(upload)
    post.check_acceptable()
    if post.input == old_input and not post.upload_id:
        return post
    if new_image := post.has_new_image:
        _accept_image(post)
    with files.storing_images(post), transaction_on(post_id):
        # Lock it: another request may turn it into a tombstone.
        _check_version(Post.objects.get_for_update(post_id), by, version)
        if post.upload_id:
            upload_actions.attach(post)
        post.save(update_fields=Post.EDITABLE)
        if new_image:
            quotas.spend(post)
        files.discard(old_files - post.file_names)
        tasks.enqueue_renditions(post)
        events.edited.send(Post, post=post, mentions_before=mentions_before)
    return post


def delete(*, post_id: int | str, by: Viewer, version: str | None = None, reason: str = "") -> None:
    """Delete the viewer's own post, or any as a moderator, with its likes and its image.

    See `deletion`. What a moderator deletes is in the log, with the reason.
    """
    post = Post.objects.get_deletable(by, post_id)
    user = CustomUser.objects.get_active(by)
    _check_version(post, by, version)
    with transaction_on(post_id):
        # Likes first: `unlike`, too, locks the like before the post (by the trigger), and in
        # another order the two could wait for each other. Then lock the post, so that none is
        # added.
        PostLike.objects.filter(post=post).delete()
        locked = Post.objects.get_for_update(post_id, published=False)
        _check_version(locked, by, version)
        if not locked.written_by(user):
            moderation_log.note(user, ModerationAction.DELETE, f"post {locked.pk}", reason)
        deletion.delete_one(locked)


def _get_editable(post_id: int | str, by: Viewer, version: str | None) -> Post:
    """Return the post of that version, with its author, after checking who wants to edit it."""
    post = Post.objects.get_editable(by, post_id)
    post.created_by = CustomUser.objects.get_active(by)
    _check_version(post, by, version)
    return post


def _check_version(post: Post, by: Viewer, version: str | None) -> None:
    """Raise Stale, with the post as the viewer sees it, unless it has that version."""
    try:
        post.check_version(version)
    except Stale:
        raise Stale(Post.objects.get_for_viewer(by, post.pk)) from None


# -- Liking and bookmarking --------------------------------------------------------------------


def like(*, post_id: int | str, by: Viewer) -> PostRow:
    """Like a post; liking it again changes nothing."""
    return _set_mark(PostLike, post_id, by, on=True)


def unlike(*, post_id: int | str, by: Viewer) -> PostRow:
    """Remove the viewer's like; without one nothing changes."""
    return _set_mark(PostLike, post_id, by, on=False)


def toggle_like(*, post_id: int | str, by: Viewer) -> PostRow:
    """Like a post that the viewer does not like yet, else remove the like."""
    return _set_mark(PostLike, post_id, by)


def bookmark(*, post_id: int | str, by: Viewer) -> PostRow:
    """Bookmark a post; bookmarking it again changes nothing."""
    return _set_mark(PostBookmark, post_id, by, on=True)


def unbookmark(*, post_id: int | str, by: Viewer) -> PostRow:
    """Remove the viewer's bookmark; without one nothing changes."""
    return _set_mark(PostBookmark, post_id, by, on=False)


def toggle_bookmark(*, post_id: int | str, by: Viewer) -> PostRow:
    """Bookmark a post that the viewer has not bookmarked yet, else remove the bookmark."""
    return _set_mark(PostBookmark, post_id, by)


def _set_mark(
    mark: type[PostMark], post_id: int | str, by: Viewer, *, on: bool | None = None
) -> PostRow:
    """Set or remove the viewer's mark on a post; without `on`, set it unless it is set already."""
    id = parse_id(post_id)
    mine = mark._default_manager.filter(post=id, **{mark.USER: OuterRef("pk")})
    users: Any = CustomUser.objects.annotate(is_marked=Exists(mine))
    user = users.get_active(by)
    on = not user.is_marked if on is None else on
    limits.spend(mark.LIMIT, user)
    fields = {"post_id": id, mark.USER: user}
    with transaction_on(post_id):
        if on:
            mark._default_manager.bulk_create([mark(**fields)], ignore_conflicts=True)
        else:
            mark._default_manager.filter(**fields).delete()
        row: PostRow = Post.objects.get_published_row(user, post_id)
        if on != user.is_marked:
            (events.marked if on else events.unmarked).send(mark, post=row, by=user)
        return row


@contextmanager
def transaction_on(post_id: int | str) -> Iterator[None]:
    """Run the block in a transaction. Raise Post.DoesNotExist when the post was deleted by then.

    The database fails in ways of its own where another request deletes the post: a foreign key is
    violated, or an UPDATE finds no row.
    """
    try:
        with transaction.atomic():
            yield
    except DatabaseError:
        id = parse_id(post_id)
        if not Post.objects.not_deleted().filter(pk=id).exists():
            raise Post.objects.does_not_exist() from None
        raise
