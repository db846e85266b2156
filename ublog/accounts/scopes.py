"""What a program may do with a token: its scopes, and the viewer that acts by such a token.

A scope may have children, as `read:statuses` is one of `read`: a parent includes its children.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError

from ublog.core.viewers import Viewer

READ, WRITE, MODERATE = "read", "write", "moderate"
SCOPES = {
    READ: "Read posts, notifications, and the profile with its e-mail address",
    WRITE: "Publish, edit, delete, like, and change the profile",
    MODERATE: "Moderate, if you are a moderator",
}
# Scopes that have a parent of another name.
FOLLOW = "follow"
PARENTS = {"read:mutes": FOLLOW, "write:mutes": FOLLOW}


class MissingScope(PermissionDenied):
    """The token of a program does not have the scope that this needs."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This needs a token with the scope {scope}.")
        self.scope = scope


class LoginRequired(PermissionDenied):
    """The token of a program cannot do this, with any scope."""

    def __init__(self) -> None:
        super().__init__("The token of a program cannot do this: log in.")


@dataclass(frozen=True)
class ProgramViewer:
    """A `Viewer` that is a user in whose name a program acts, as far as its scopes go."""

    pk: int
    scopes: frozenset[str]
    is_authenticated = True
    is_anonymous = False
    is_active = True

    @property
    def id(self) -> int:
        """Return the id of the user, by the name that Django's users have for it, too."""
        return self.pk


def includes(granted: Collection[str], scope: str) -> bool:
    """Return whether these scopes include that one, or a parent of it."""
    parents = (scope, scope.partition(":")[0], PARENTS.get(scope))
    return any(parent in granted for parent in parents)


def allows(viewer: Viewer, scope: str) -> bool:
    """Return whether the viewer has logged in, or is a program with that scope."""
    granted = getattr(viewer, "scopes", None)
    return granted is None or includes(granted, scope)


def check(viewer: Viewer, scope: str) -> None:
    """Raise MissingScope for a program without that scope. Others may be anonymous."""
    if not allows(viewer, scope):
        raise MissingScope(scope)


def check_login(viewer: Viewer) -> None:
    """Raise LoginRequired for a program."""
    if getattr(viewer, "scopes", None) is not None:
        raise LoginRequired


def clean(names: Iterable[str], known: Collection[str] = tuple(SCOPES)) -> list[str]:
    """Return the scopes in their usual order, each once.

    Raise ValidationError for the field `scopes` without any, and for one that is not known.
    """
    chosen = set(names)
    if not chosen or not chosen <= set(known):
        message = f"Choose one or more of: {', '.join(known)}."
        raise ValidationError({"scopes": [message]})
    return [scope for scope in known if scope in chosen]
