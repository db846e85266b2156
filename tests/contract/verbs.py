"""What a user can do with posts: one table, from which the tests of every verb are generated.

Rights (C8), limits (E1, E4), costs (P7), ids without a post, requests of other sites and bodies
that break off are tested for each verb and each interface. A new mark of `records.MARKS` needs no
line here; any other verb needs one.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contract.drivers import MARK_VERBS, Driver, Pages
from tests.contract.records import MARKS
from tests.pictures import picture


@dataclass(frozen=True)
class Verb:
    """One verb; `act` does it with a driver, to the post with an id if it is `of_post`.

    `limit` names its limit in settings.LIMITS, with `anonymous_` before it for anonymous users
    where there is one. `queries` is the number that it may need, `browsing` how many more in pages,
    for a user who is logged in: each request reads the session and its user; a form is fetched
    before it is sent, and the page that it redirects to is fetched afterwards.
    """

    name: str
    act: Callable[[Driver, Any], Any]
    queries: int
    browsing: int
    login: bool = True  # needs a user who is logged in
    author: bool = False  # needs the author of the post
    moderator: bool = False  # or a moderator
    of_post: bool = True
    others: bool = False  # nobody does it to their own post
    once: bool = False  # cannot be done twice to one post
    has_body: bool = False
    reads: bool = False  # changes nothing
    limit: str = ""

    def may_query(self, interface: type[Driver]) -> int:
        return self.queries + (self.browsing if issubclass(interface, Pages) else 0)


def mark(verb: str) -> Verb:
    """Return the entry of a verb of a mark, which has the mark's name as its limit.

    To mute is two more: which conversation it is, and whether it is muted.
    """
    name, queries = MARK_VERBS[verb][0], 3 if MARK_VERBS[verb][0] in MARKS else 5
    return Verb(verb, lambda driver, id: getattr(driver, verb)(id), queries, 6, limit=name)


ANYONE = {"login": False, "of_post": False}
PUBLIC = {"login": False, "reads": True}
AUTHOR = {"author": True, "has_body": True}
READING = {"of_post": False, "reads": True}
VERBS = [
    Verb("list", lambda driver, id: driver.timeline(), 1, 2, **PUBLIC, of_post=False),
    Verb(
        *("search", lambda driver, id: driver.timeline(q="tea"), 1, 2),
        **PUBLIC,
        of_post=False,
        limit="search",
    ),
    # In pages one more: the page of a post has its replies, too.
    Verb("read", lambda driver, id: driver.read(id), 1, 3, **PUBLIC),
    # One more where there are none: whether there is the post.
    Verb("list the replies", lambda driver, id: driver.replies(id), 2, 2, **PUBLIC),
    Verb("list the ancestors", lambda driver, id: driver.ancestors(id), 1, 3, **PUBLIC),
    # One more where there are none, too.
    Verb("list the likes", lambda driver, id: driver.likers(id), 2, 2, **PUBLIC),
    Verb(
        *("publish", lambda driver, id: driver.publish("Hello"), 4, 8),
        **ANYONE,
        has_body=True,
        limit="post",
    ),
    # Three more: whether its key was used, and what it replies to, which is read before anything is
    # spent, and again with a lock when it is stored. An anonymous one has no key; one more: whether
    # the network is blocked, and that it is stored.
    Verb(
        *("reply", lambda driver, id: driver.publish("Hello", in_reply_to=id), 8, 8),
        **ANYONE,
        has_body=True,
        limit="post",
    ),
    # Four more: whether its key was used, and what the author stores, which is read before an image
    # is decoded, and again with a lock when it is stored.
    Verb(
        *("publish an image", lambda driver, id: driver.publish("Look", picture()), 8, 8),
        **ANYONE,
        has_body=True,
        limit="image",
    ),
    Verb("edit", lambda driver, id: driver.edit(id, body="Changed"), 6, 10, **AUTHOR),
    Verb(
        *("change the image", lambda driver, id: driver.edit(id, image=picture()), 10, 10),
        **AUTHOR,
        limit="image",
    ),
    # One of them: whether it has replies.
    Verb(
        "delete", lambda driver, id: driver.delete(id), 7, 9, author=True, moderator=True, once=True
    ),
    *map(mark, MARK_VERBS),
    # After the check who it is: the post, and again with a lock; whether it is reported by the
    # user, and by anybody; the report, and whom to notify. In pages the form is shown before it.
    Verb(
        *("report", lambda driver, id: driver.report(id, "Spam"), 7, 10),
        has_body=True,
        others=True,
        limit="report",
    ),
    # One more where there are none: whether the user is active.
    Verb(
        *("list unpublished posts", lambda driver, id: driver.timeline(unpublished="on"), 2, 2),
        **READING,
    ),
    Verb("list notifications", lambda driver, id: driver.notifications(), 2, 2, **READING),
    Verb("count unread", lambda driver, id: driver.unread_count(), 1, 3, **READING),
    # After the check who it is: one.
    Verb(
        *("mark as read", lambda driver, id: driver.mark_read("2026-11-22T18:00:00Z"), 2, 6),
        of_post=False,
        has_body=True,
        limit="notifications",
    ),
]


def verbs(choose: Callable[[Verb], bool] = lambda verb: True) -> pytest.MarkDecorator:
    """Parametrise `verb` with those that are chosen."""
    chosen = [verb for verb in VERBS if choose(verb)]
    return pytest.mark.parametrize("verb", chosen, ids=lambda verb: verb.name)
