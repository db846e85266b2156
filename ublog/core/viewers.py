"""Who is looking or acting, as much of it as the domain needs to know."""

from typing import Protocol


class Viewer(Protocol):
    """A signed-in user, the owner of an access token, or `AnonymousUser`.

    A token's owner is known by id alone: reading a page must not cost a look-up of the user.
    """

    @property
    def pk(self) -> int | None: ...

    @property
    def is_authenticated(self) -> bool: ...
