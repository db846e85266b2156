"""What happened to posts. Actions send these signals in the transaction of the change.

An action does not know who listens: see `listeners.py`. A listener that raises undoes the change.
The sender is the model of what was written: `Post`, or a mark such as `PostLike`.
"""

from django.dispatch import Signal

# post: a `Post` that is published: one that was held, once it is. What it replies to is loaded.
published = Signal()
edited = Signal()  # post: a `Post`; mentions_before: as the post had them stored
hidden = Signal()  # post: a `Post`
marked = Signal()  # post: a `PostRow`; by: the user
unmarked = Signal()  # the same
held = Signal()  # post: a `Post` that waits for a moderator
reported = Signal()  # report: the first one of its post or user
settled = Signal()  # subject: as `Report` has it; a moderator has decided
notified = Signal()  # made: the query set of the new notifications
