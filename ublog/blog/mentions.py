"""Who is mentioned in a post: kept with the post, so that a list needs no query to show it.

`Post.mentions` has JSON: for each name as it was written, in lower case, the id of the user and
the username at that time. So a mention stays its user's when they take another name, and when
somebody else takes the old one.
"""

from typing import Any

import orjson
from django.db.models import Q

from ublog.accounts.models import CustomUser
from ublog.core.text_grammar import mentioned_names

Mentions = dict[str, tuple[int, str]]  # the id and username of each user by the written name


def load(stored: str | None) -> Mentions:
    """Return the mentions that a post has stored; None has no mentions."""
    return orjson.loads(stored) if stored else {}


def dump(mentions: Mentions) -> str | None:
    """Return mentions as a post stores them."""
    return orjson.dumps(mentions).decode() if mentions else None


def usernames(stored: str | None) -> dict[str, str]:
    """Return the username of each written name: what `text_grammar.segments` needs."""
    return {name: username for name, (_, username) in load(stored).items()} if stored else {}


def find(body: str, before: Mentions | None = None) -> Mentions:
    """Return the users whom the body mentions, by at most one query.

    A name that was mentioned `before` an edit stays that user's. Other names are those of active
    users now.
    """
    names = mentioned_names(body)
    if not names:
        return {}
    kept = {name: pk for name, (pk, _) in (before or {}).items() if name in names}
    users: Any = CustomUser.objects.filter(
        Q(pk__in=kept.values()) | Q(username__lower__in=names, is_active=True)
    ).values_list("pk", "username")
    by_id = dict(users)
    by_name = {username.lower(): pk for pk, username in by_id.items()}
    found = {name: by_name.get(name) for name in names} | {
        name: pk for name, pk in kept.items() if pk in by_id
    }
    return {name: (pk, by_id[pk]) for name, pk in found.items() if pk}
