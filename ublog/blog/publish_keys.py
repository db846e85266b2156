"""Idempotency keys: publishing with one of them again makes no second post."""

from datetime import timedelta
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ublog.core.exceptions import IdempotencyKeyReused

MAX_KEY = 255  # characters


class PublishKey(models.Model):
    """An idempotency key and its post: sending a post again with its key makes no second one.

    Of the key, its owner and the content only hashes are stored.
    """

    KEEP: ClassVar = timedelta(hours=24)

    hash = models.CharField(primary_key=True, max_length=64)
    content = models.CharField(max_length=64)
    # Without a constraint, the row outlives its post: a late retry must not publish it again.
    post = models.ForeignKey(
        "blog.Post",
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    created_on = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return f"key of post {self.post_id}"

    @classmethod
    def build(cls, key: str, owner: str, post: Any) -> "PublishKey":
        """Return the key, not saved yet, to store with this new post.

        `owner` is whose key it is, as `limits.budget_of` names users and networks. Raise
        ValidationError for a key that is too long.
        """
        if len(key) > MAX_KEY:
            raise ValidationError(f"An idempotency key has at most {MAX_KEY} characters.")
        name = salted_hmac("ublog.idempotency", f"{owner}\n{key}", algorithm="sha256").hexdigest()
        return cls(hash=name, content=post.fingerprint)

    def find_post_id(self) -> int | None:
        """Return the id of the post that was published with this key, or None.

        Raise IdempotencyKeyReused when that post had other content.
        """
        first = PublishKey.objects.filter(pk=self.hash).first()
        if first and first.content != self.content:
            raise IdempotencyKeyReused
        return first.post_id if first else None
