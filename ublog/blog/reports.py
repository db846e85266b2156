"""What moderators look at: reports, the networks of anonymous posts, and large deletions."""

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from ublog.accounts.moderation_log import MAX_REASON
from ublog.core.text import PlainTextField


class Report(models.Model):
    """A user reports a post, or another user, to the moderators. At most one of each is open.

    It is deleted when a moderator has dealt with it; what was done is in the log.
    """

    LIMIT: ClassVar = "report"  # of `settings.LIMITS`

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    post = models.ForeignKey(  # see `triggers`
        "blog.Post", on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    # What is reported, in one column: the id of the post, or the negative id of the user.
    subject = models.BigIntegerField(editable=False)
    reason = PlainTextField(max_length=MAX_REASON)
    created_on = models.DateTimeField(default=timezone.now, editable=False)
    # Whether it is the first one of its post or user, by which the queue has them once.
    is_first = models.BooleanField(editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "by"], name="one_report_each"),
            models.CheckConstraint(
                condition=Q(post=None) ^ Q(user=None), name="report_of_one_thing"
            ),
        ]
        indexes = [
            # The queue.
            models.Index(
                F("created_on").desc(),
                F("id").desc(),
                condition=Q(is_first=True),
                name="reports_queue",
            ),
            # The latest reports of a post or a user.
            models.Index(F("subject"), F("id").desc(), name="reports_of_subject"),
        ]

    def __str__(self) -> str:
        return f"report {self.pk} of {self.target}"

    @property
    def target(self) -> str:
        return f"post {self.post_id}" if self.post_id else f"user {self.user_id}"


class PostNetwork(models.Model):
    """The keyed hash of the network of an anonymous post: see `accounts.blocks.network_hash`."""

    KEEP: ClassVar = timedelta(days=7)

    post = models.OneToOneField(  # see `triggers`
        "blog.Post", on_delete=models.DO_NOTHING, primary_key=True, related_name="network"
    )
    hash = models.CharField(max_length=64)
    created_on = models.DateTimeField(default=timezone.now, db_index=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["hash", "post"], name="posts_of_network")]

    def __str__(self) -> str:
        return f"network of post {self.post_id}"


class Cleanup(models.Model):
    """All posts of a user, or from a network, are being deleted, in batches by the worker."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    hash = models.CharField(max_length=64, blank=True, help_text="Of the network, if it is one.")
    label = models.CharField(max_length=100)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    created_on = models.DateTimeField(default=timezone.now, db_index=True, editable=False)
    finished_on = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "large deletion"

    def __str__(self) -> str:
        return f"{self.label}: {self.done} of {self.total}"
