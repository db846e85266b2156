"""What happened to posts. Actions send these signals in the transaction of the change.

An action does not know who listens: see `listeners.py`. A listener that raises undoes the change.
The sender is the model of what was written: `Post`, or a mark such as `PostLike`.
"""

from django.dispatch import Signal

published = Signal()  # post: a `Post`; what it replies to is loaded
edited = Signal()  # post: a `Post`; mentions_before: as the post had them stored
deleted = Signal()  # posts: instances of `Post`, which are locked
marked = Signal()  # post: a `PostRow`; by: the user
unmarked = Signal()  # the same
