"""What a person is shown by a door, and how a person is refused: the same for all five."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class PostDisplayMixin:
    """One post as somebody sees it; `image` is the path of its address."""

    id: int
    author: str | None
    body: str
    image: str | None
    image_alt: str
    like_count: int
    liked: bool
    can_edit: bool
    edited: bool


@dataclass(frozen=True)
class Timeline:
    """One page of posts; `older` and `newer` tell how to ask for the pages around it, if any."""

    driver: Any
    posts: tuple[PostDisplayMixin, ...]
    links: tuple[dict | str | None, dict | str | None]

    @property
    def ids(self) -> list[int]:
        return [post.id for post in self.posts]

    @property
    def bodies(self) -> list[str]:
        return [post.body for post in self.posts]

    def older(self) -> "Timeline | None":
        return self.driver.follow(self.links[0]) if self.links[0] else None

    def newer(self) -> "Timeline | None":
        return self.driver.follow(self.links[1]) if self.links[1] else None


class Refusal(Exception):
    """The door said no in the way that it says no."""


class NotFound(Refusal): ...


class NotAuthenticated(Refusal): ...


class Forbidden(Refusal): ...


class IdempotencyKeyReused(Refusal): ...


class StorageFull(Refusal):
    """There is no room to store it."""


class Unavailable(Refusal):
    """Not now: it may be tried again after `retry_after` seconds."""

    def __init__(self, retry_after):
        super().__init__(retry_after)
        self.retry_after = int(retry_after)


class Stale(Refusal):
    """Shows what the text is now; a page also keeps what was `typed`."""

    def __init__(self, body, typed=None):
        super().__init__(body)
        self.body, self.typed = body, typed


class Invalid(Refusal):
    def __init__(self, fields=()):
        super().__init__(fields)
        self.fields = set(fields)


class RateLimited(Refusal):
    def __init__(self, retry_after):
        super().__init__(retry_after)
        self.retry_after = int(retry_after)
