"""Serializers of what moderators see and do. The domain checks the values."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from ublog.accounts.blocks import Block
from ublog.accounts.models import Application
from ublog.accounts.moderation_log import MAX_REASON, LogEntry, ModerationAction
from ublog.blog.moderation import APPLICATION_ACTIONS, POST_ACTIONS, USER_ACTIONS
from ublog.blog.queue import MAX_COUNTED, QueueItem, QueueKind
from ublog.blog.reports import Cleanup
from ublog.core.viewers import Viewer
from ublog.interfaces.rest.accounts.serializers import TextField
from ublog.interfaces.rest.serializers import (
    AuthorSerializer,
    PostSerializer,
    author_json,
    post_json,
)


class ReasonSerializer(serializers.Serializer[Any]):
    reason = TextField(required=False, help_text=f"For the log, at most {MAX_REASON} characters.")


HIDE = {"action": "hide", "reason": "Advertises pills."}


@extend_schema_serializer(examples=[OpenApiExample("Hide it", HIDE, request_only=True)])
class PostActionSerializer(ReasonSerializer):
    action = serializers.CharField(help_text=f"One of {', '.join(POST_ACTIONS)}.")


class UserActionSerializer(ReasonSerializer):
    action = serializers.CharField(help_text=f"One of {', '.join(USER_ACTIONS)}.")
    until = serializers.CharField(
        required=False,
        allow_null=True,
        help_text="The end of a suspension, in RFC 3339. Without it, it has no end.",
    )


class ApplicationActionSerializer(ReasonSerializer):
    action = serializers.CharField(help_text=f"One of {', '.join(APPLICATION_ACTIONS)}.")


class BlockSourceSerializer(ReasonSerializer):
    domain = TextField(required=False, help_text="An e-mail domain, with those below it.")
    address = TextField(required=False, help_text="An IP address: its network is blocked.")


class SuspectSerializer(AuthorSerializer):
    suspended_until = serializers.DateTimeField(
        allow_null=True, help_text="null: not suspended. In the year 9999: without an end."
    )


class ReportSerializer(serializers.Serializer[Any]):
    """A report of the queue."""

    by = AuthorSerializer(allow_null=True, help_text="null: somebody who left.")
    reason = serializers.CharField()
    created_on = serializers.DateTimeField()

    class Meta:
        ref_name = "QueueReport"


class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """Somebody wants to join."""

    email = serializers.EmailField()

    class Meta:
        model = Application
        fields = ["id", "email", "reason"]


class QueueItemSerializer(serializers.Serializer[Any]):
    """A post, a user or an application that a moderator has to look at."""

    id = serializers.CharField()
    kind = serializers.ChoiceField(QueueKind.values)
    created_on = serializers.DateTimeField(
        help_text="Of the first report, the held post or the application."
    )
    post = PostSerializer(allow_null=True)
    user = SuspectSerializer(
        allow_null=True, help_text="The author, who was reported, or who applies."
    )
    report_count = serializers.IntegerField(help_text=f"At most {MAX_COUNTED}.")
    reports = ReportSerializer(many=True, help_text="The latest of them.")
    has_network = serializers.BooleanField(help_text="Whether the network of the post is known.")
    application = ApplicationSerializer(allow_null=True)
    can_dismiss = serializers.BooleanField(help_text="Whether you may dismiss the reports.")
    can_suspend = serializers.BooleanField(help_text="Whether you may act against the user.")


# What JSON has of an item as it is.
PLAIN = ("id", "kind", "created_on", "report_count", "has_network", "can_dismiss", "can_suspend")


def item_json(item: QueueItem, viewer: Viewer) -> dict[str, Any]:
    """Return an item as JSON types: what `QueueItemSerializer` documents."""
    user = item.user
    until = user.suspended_until if user and user.is_suspended else None
    return {
        **{name: getattr(item, name) for name in PLAIN},
        "post": post_json(item.post, viewer) if item.post else None,
        "user": user and {**(author_json(user) or {}), "suspended_until": until},
        "reports": ReportSerializer(item.reports, many=True).data,
        "application": item.application and ApplicationSerializer(item.application).data,
    }


class WaitingSerializer(serializers.Serializer[Any]):
    """How much waits for the moderators."""

    count = serializers.IntegerField(help_text="0 for all others.")


class LogEntrySerializer(serializers.ModelSerializer[LogEntry]):
    """What a moderator did."""

    by = serializers.CharField(source="by_name", help_text="The username at the time.")
    action = serializers.ChoiceField(ModerationAction.values)

    class Meta:
        model = LogEntry
        fields = ["id", "created_on", "by", "action", "target", "reason"]


class BlockSerializer(serializers.ModelSerializer[Block]):
    """A domain or a network that is blocked."""

    class Meta:
        model = Block
        fields = ["id", "kind", "label", "created_on"]


class CleanupSerializer(serializers.ModelSerializer[Cleanup]):
    """A large deletion, and how far it is."""

    class Meta:
        model = Cleanup
        fields = ["id", "label", "total", "done", "created_on", "finished_on"]
        read_only_fields = fields  # else their greatest number is that of the database


class BlocksSerializer(serializers.Serializer[Any]):
    results = BlockSerializer(many=True)


class CleanupsSerializer(serializers.Serializer[Any]):
    results = CleanupSerializer(many=True)
