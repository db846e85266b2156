"""The errors that drivers raise, one for each way in which an interface rejects an operation."""


class DriverError(Exception):
    """The interface rejected the operation, in the form that it documents."""


class NotFound(DriverError): ...


class Gone(DriverError): ...


class NotAuthenticated(DriverError): ...


class Forbidden(DriverError): ...


class IdempotencyKeyReused(DriverError): ...


class StorageFull(DriverError):
    """There is no disk space for an image."""


class Stale(DriverError):
    """The post has changed: `body` is its text now; a page also keeps what was `typed`."""

    def __init__(self, body: str, typed: str | None = None) -> None:
        super().__init__(body)
        self.body, self.typed = body, typed


class Invalid(DriverError):
    """`fields` are the names of the fields with an error."""

    def __init__(self, fields=()) -> None:
        super().__init__(fields)
        self.fields = set(fields)


class RetryLater(DriverError):
    """The same request may succeed after `retry_after` seconds."""

    def __init__(self, retry_after) -> None:
        super().__init__(retry_after)
        self.retry_after = int(retry_after)


class RateLimited(RetryLater): ...


class Unavailable(RetryLater): ...
