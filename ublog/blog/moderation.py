"""What moderators do about posts and users. Each step is in the log, in its own transaction.

All raise NotAuthenticated, PermissionDenied, ValidationError or what does not exist, and then
nothing has changed. `reason` is for the log alone.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Unpack

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils import timezone

from ublog.accounts import applications, blocks, moderation_log, suspension
from ublog.accounts.blocks import Block
from ublog.accounts.models import CustomUser
from ublog.accounts.moderation_log import LogEntry, ModerationAction
from ublog.accounts.roles import get_moderator, may_judge
from ublog.blog import actions, cleanups, events
from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.blog.reports import Cleanup, PostNetwork, Report
from ublog.blog.states import PostState
from ublog.core.cursors import Page, PageRequest
from ublog.core.ids import parse_id
from ublog.core.viewers import Viewer

MOST_BLOCKS = 500  # that are listed

# -- Posts ---------------------------------------------------------------------------------------


def hide(*, post_id: int | str, by: Viewer, reason: str = "") -> PostRow:
    """Hide a published post from everybody but its author and moderators.

    Raise PermissionDenied for all but moderators; if it is hidden already, nothing changes.
    """
    log = (ModerationAction.HIDE, reason)
    return _change_state(post_id, by, None, PostState.HIDDEN, log, events.hidden)


def unhide(*, post_id: int | str, by: Viewer, reason: str = "") -> PostRow:
    """Show a hidden post again, at its place in lists. Raise what `hide` raises, and
    PermissionDenied for a moderator's own post."""
    _get_judge(post_id, by)
    return _change_state(post_id, by, PostState.HIDDEN, None, (ModerationAction.UNHIDE, reason))


def approve(*, post_id: int | str, by: Viewer, reason: str = "") -> PostRow:
    """Publish a post that was held, as of now: it is the newest one. Raise what `hide` raises."""
    now = timezone.now()
    moments = {"created_on": now, "modified_on": now}
    log = (ModerationAction.APPROVE, reason)
    return _change_state(post_id, by, PostState.HELD, None, log, events.published, **moments)


def _get_judge(post_id: int | str, by: Viewer) -> CustomUser:
    """Return the moderator. Raise PermissionDenied for their own post, which they may not judge."""
    moderator = get_moderator(by)
    own = Post.objects.filter(pk=parse_id(post_id), created_by=moderator)
    if not may_judge(moderator, moderator.pk) and own.exists():
        raise PermissionDenied("You cannot do this to your own post.")
    return moderator


def _change_state(
    post_id: int | str,
    by: Viewer,
    before: PostState | None,
    after: PostState | None,
    log: tuple[ModerationAction, str],
    event: Signal | None = None,
    **fields: Any,
) -> PostRow:
    """Change the state of a post. A post that has the new one already is left as it is.

    Raise Post.DoesNotExist for a post in any other state. The update locks the post, and then by a
    trigger the one that it replies to.
    """
    moderator = get_moderator(by)
    with transaction.atomic():
        posts = Post.objects.filter(pk=parse_id(post_id))
        changed = posts.filter(state=before).update(state=after, **fields)
        if not (changed or posts.filter(state=after).exists()):
            raise Post.objects.does_not_exist()
        if changed:
            _close(int(post_id))
            moderation_log.note(moderator, log[0], f"post {post_id}", log[1])
        if changed and event:
            event.send(Post, post=posts.select_related("in_reply_to").get())
    row: PostRow = Post.objects.get_row(moderator, post_id)
    return row


def delete(*, post_id: int | str, by: Viewer, reason: str = "") -> None:
    """Delete any post but a tombstone."""
    get_moderator(by)
    actions.delete(post_id=post_id, by=by, reason=reason)


def dismiss(*, post_id: int | str, by: Viewer, reason: str = "") -> None:
    """Delete the reports of a post, which stays. Without one nothing changes.

    Raise PermissionDenied for a moderator's own post.
    """
    moderator = _get_judge(post_id, by)
    with actions.transaction_on(post_id):
        post = Post.objects.get_for_update(post_id, published=False)
        if _close(post.pk):
            moderation_log.note(moderator, ModerationAction.DISMISS, f"post {post.pk}", reason)


def delete_network(
    *, post_id: int | str, by: Viewer, block: bool = False, reason: str = ""
) -> None:
    """Have all posts from the network of an anonymous post deleted, and maybe block it.

    Raise PostNetwork.DoesNotExist if the network of the post is not known, or not any more.
    """
    moderator, hash = get_moderator(by), get_network(post_id)
    label = f"the network of post {post_id}"
    with transaction.atomic():
        if block:
            _block(moderator, Block.Kind.NETWORK, hash, label, reason)
        cleanups.start(moderator, label, hash=hash)
        moderation_log.note(moderator, ModerationAction.DELETE_ALL, label, reason)


def block_network(*, post_id: int | str, by: Viewer, reason: str = "") -> None:
    """Block the network of an anonymous post. Raise what `delete_network` raises."""
    moderator, hash = get_moderator(by), get_network(post_id)
    with transaction.atomic():
        _block(moderator, Block.Kind.NETWORK, hash, f"the network of post {post_id}", reason)


def get_network(post_id: int | str) -> str:
    """Return the hash of the network of a post. Raise PostNetwork.DoesNotExist."""
    return PostNetwork.objects.get(pk=parse_id(post_id)).hash


# -- Users ---------------------------------------------------------------------------------------


def suspend(
    *, username: str, by: Viewer, until: datetime | str | None = None, reason: str = ""
) -> CustomUser:
    """Suspend a user as `suspension.suspend` does; the reports of the user are dealt with."""
    with transaction.atomic():
        user = suspension.suspend(username=username, by=by, until=until, reason=reason)
        _close(-user.pk)
    return user


def dismiss_user(*, username: str, by: Viewer, reason: str = "") -> None:
    """Delete the reports of a user. Without one nothing changes.

    Raise PermissionDenied for a moderator's own account, but not for an administrator's.
    """
    moderator = get_moderator(by)
    with transaction.atomic():
        users = CustomUser.objects.select_for_update(no_key=True)
        user = users.filter_by_username(username).get()
        if not may_judge(moderator, user.pk):
            raise PermissionDenied("You cannot do this to your own account.")
        if _close(-user.pk):
            moderation_log.note(moderator, ModerationAction.DISMISS, f"@{user.username}", reason)


def delete_posts(*, username: str, by: Viewer, suspend: bool = False, reason: str = "") -> None:
    """Have all posts of a user deleted, and maybe suspend the user without an end."""
    moderator = get_moderator(by)
    with transaction.atomic():
        user = suspension.get_for_moderation(username, moderator)
        if suspend:
            suspension.suspend(username=username, by=by, reason=reason)
        _close(-user.pk)
        cleanups.start(moderator, f"@{user.username}", author=user)
        moderation_log.note(moderator, ModerationAction.DELETE_ALL, f"@{user.username}", reason)


def _close(subject: int) -> int:
    """Delete the reports of a post or user that is locked; return how many there were."""
    events.settled.send(Report, subject=subject)
    return Report.objects.filter(subject=subject).delete()[0]


# -- Domains and networks ------------------------------------------------------------------------


def block(*, by: Viewer, domain: str = "", address: str = "", reason: str = "") -> None:
    """Block an e-mail domain, or the network of an IP address; one of the two."""
    moderator = get_moderator(by)
    kind, value, label = blocks.parse(domain, address)
    with transaction.atomic():
        _block(moderator, kind, value, label, reason)


def allow(*, by: Viewer, block_id: int | str, reason: str = "") -> None:
    """End a block. Raise Block.DoesNotExist."""
    moderator = get_moderator(by)
    with transaction.atomic():
        block = Block.objects.select_for_update().get(pk=parse_id(block_id))
        moderation_log.note(moderator, ModerationAction.ALLOW, block.label, reason)
        block.delete()


def _block(by: CustomUser, kind: str, value: str, label: str, reason: str) -> None:
    """Store a block; one that there is already stays. Raise what `check_blockable` raises."""
    if kind == Block.Kind.NETWORK:
        blocks.check_blockable(value)
    if not Block.objects.filter(value=value).exists():
        block = Block(kind=kind, value=value, label=label, created_by=by)
        Block.objects.bulk_create([block], ignore_conflicts=True)
        moderation_log.note(by, ModerationAction.BLOCK, label, reason)


# -- By name -------------------------------------------------------------------------------------

POST_ACTIONS: dict[str, Callable[..., object]] = {
    "hide": hide,
    "unhide": unhide,
    "approve": approve,
    "delete": delete,
    "dismiss": dismiss,
    "delete_network": delete_network,
    "delete_and_block_network": partial(delete_network, block=True),
    "block_network": block_network,
}
USER_ACTIONS: dict[str, Callable[..., object]] = {
    "suspend": suspend,
    "lift": suspension.lift,
    "end_sessions": suspension.end_sessions,
    "dismiss": dismiss_user,
    "delete_posts": delete_posts,
    "delete_posts_and_suspend": partial(delete_posts, suspend=True),
}
APPLICATION_ACTIONS: dict[str, Callable[..., object]] = {
    "approve": applications.approve,
    "reject": applications.reject,
}


def moderate_post(*, action: str, post_id: int | str, by: Viewer, reason: str = "") -> None:
    """Do what one of POST_ACTIONS does. Raise ValidationError for another name."""
    _choose(POST_ACTIONS, action)(post_id=post_id, by=by, reason=reason)


def moderate_user(
    *, action: str, username: str, by: Viewer, reason: str = "", until: str | None = None
) -> None:
    """Do what one of USER_ACTIONS does. Raise ValidationError for another name.

    `until` is the end of a suspension, and concerns nothing else.
    """
    end = {"until": until} if action == "suspend" else {}
    _choose(USER_ACTIONS, action)(username=username, by=by, reason=reason, **end)


def moderate_application(
    *, action: str, application_id: int | str, by: Viewer, reason: str = ""
) -> None:
    """Do what one of APPLICATION_ACTIONS does. Raise ValidationError for another name."""
    _choose(APPLICATION_ACTIONS, action)(pk=application_id, by=by, reason=reason)


def _choose(choices: dict[str, Callable[..., object]], name: str) -> Callable[..., object]:
    if name not in choices:
        raise ValidationError({"action": [f"Choose one of {', '.join(choices)}."]})
    return choices[name]


# -- To read -------------------------------------------------------------------------------------


def log_page(viewer: Viewer, **request: Unpack[PageRequest]) -> Page[LogEntry]:
    """Return one page of the log, newest first."""
    get_moderator(viewer)
    return LogEntry.objects.page(**request)


def list_blocks(viewer: Viewer) -> list[Block]:
    """Return the latest blocks, the newest first."""
    get_moderator(viewer)
    return list(Block.objects.select_related("created_by").order_by("-pk")[:MOST_BLOCKS])


def list_cleanups(viewer: Viewer) -> list[Cleanup]:
    """Return the latest large deletions, the newest first, with how far they are."""
    get_moderator(viewer)
    return cleanups.latest()
