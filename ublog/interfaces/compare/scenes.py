"""Who acts in a dry run, and on which post."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.interfaces.compare.operations import Operation
from ublog.operations import dry_run
from ublog.operations.dry_run import Login

WHO = {"reader": "a made-up reader", "me": "me", "visitor": "a visitor"}


@dataclass(frozen=True)
class Scene:
    """The start of each request of a run: who sends it, and the post that it is about.

    `version` is what the client has seen of the post; None for any.
    """

    login: Login | None
    post_id: int
    is_made_up: bool
    version: str | None = None


def prepare(operation: Operation, who: str, user: Any, post_id: int | None) -> Scene:
    """Store what a run needs, within the dry run, and return it.

    `user` is who asked for the run, and acts in it with `who` = "me"; `post_id` is the post that
    they chose. Raise Post.DoesNotExist.
    """
    login = log_in(operation, who, user)
    actor = login.user if login else None
    post = chosen_post(operation, actor, post_id) if operation.post else 0
    if post is not None:
        return Scene(login, post, is_made_up=False)
    author = actor if actor and operation.post == "own" else dry_run.make_user("author")
    made = dry_run.make_post(author)
    stale = operation.outcome == "stale"
    version = dry_run.make_stale(made, author) if stale else None
    return Scene(login, made.pk, is_made_up=True, version=version)


def log_in(operation: Operation, who: str, user: Any) -> Login | None:
    """Return the login of who acts; None for a visitor."""
    if who == "visitor" or operation.outcome == "not authenticated":
        return None
    is_me = who == "me" and user.is_authenticated
    actor = CustomUser.objects.get_active(user) if is_me else dry_run.make_user("reader")
    return dry_run.log_in(actor)


def chosen_post(operation: Operation, actor: CustomUser | None, post_id: int | None) -> int | None:
    """Return the id of a stored post that fits the operation: the chosen one, else the newest.

    None where a post must be made up: none fits, or an old version of one is needed.
    """
    if operation.outcome == "stale":
        return None
    post = newest_post(actor) if post_id is None else Post.objects.get_row(viewer(actor), post_id)
    if post is None or post.state is not None:
        return None
    is_own = actor is not None and post.written_by(actor)
    wanted = {"own": is_own, "any": not (is_own and operation.outcome == "forbidden")}
    return post.pk if wanted[operation.post] else None


def newest_post(actor: CustomUser | None) -> Any:
    """Return the newest post of the timeline; None on an empty site."""
    return next(iter(Post.objects.timeline(viewer(actor), page_size=1).items), None)


def viewer(actor: CustomUser | None) -> Any:
    return actor or AnonymousUser()
