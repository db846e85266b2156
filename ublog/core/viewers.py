"""The user who reads or acts, as far as the domain needs to know them."""

from typing import Protocol


class Viewer(Protocol):
    """A logged-in user, the owner of an access token, or `AnonymousUser`.

    The owner of a token is known by id alone: reading a page must not cost a query for the user.
    """

    @property
    def pk(self) -> int | None: ...

    @property
    def is_authenticated(self) -> bool: ...
