"""Serializers of notifications."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from ublog.blog.notifications import MAX_UNREAD, NotificationKind, NotificationRow
from ublog.core.viewers import Viewer
from ublog.interfaces.rest.serializers import (
    POST_EXAMPLE,
    AuthorSerializer,
    PostSerializer,
    author_json,
    post_json,
)

MOMENT = "2026-11-22T18:00:00.123456Z"


def notification_json(notification: NotificationRow, viewer: Viewer) -> dict[str, Any]:
    """Return the notification as JSON types: what `NotificationSerializer` documents."""
    return {
        "id": notification.pk,
        "kind": notification.kind,
        "created_on": notification.created_on,
        "unread": notification.unread,
        "actor": author_json(notification.actor),
        "other_count": notification.other_count,
        "post": notification.post and post_json(notification.post, viewer),
    }


NOTIFICATION_EXAMPLE = {
    "id": 1,
    "kind": "like",
    "created_on": MOMENT,
    "unread": True,
    "actor": {"username": "bob", "display_name": "Bob", "avatar": None},
    "other_count": 2,
    "post": POST_EXAMPLE | {"liked": False, "can_edit": True},
}


@extend_schema_serializer(
    examples=[OpenApiExample("A notification", NOTIFICATION_EXAMPLE, response_only=True)]
)
class NotificationSerializer(serializers.Serializer[Any]):
    """A notification, mostly of a post."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(
        NotificationKind.values,
        help_text="`reply`: the post replies to one of yours. `mention`: it mentions you. "
        "`like`: the post is yours, and others like it. To moderators, until one dealt with "
        "it: `report`: the post, or without one the actor, was reported. `held`: the post waits "
        "for an approval, as others may. `application`: the actor wants to join.",
    )
    created_on = serializers.DateTimeField(help_text="Of a `like`, when the last one was set.")
    unread = serializers.BooleanField()
    actor = AuthorSerializer(
        allow_null=True,
        help_text="Who wrote the post, liked it last, was reported or applies. null: anonymous.",
    )
    other_count = serializers.IntegerField(help_text="How many others like the post.")
    post = PostSerializer(allow_null=True)

    def to_representation(self, instance: NotificationRow) -> dict[str, Any]:
        return notification_json(instance, self.context["request"].user)


@extend_schema_field(OpenApiTypes.DATETIME)
class MomentField(serializers.CharField):
    """A moment as the client wrote it: the action reads it, for all interfaces."""


@extend_schema_serializer(examples=[OpenApiExample("Read", {"up_to": MOMENT}, request_only=True)])
class ReadSerializer(serializers.Serializer[Any]):
    """Up to when all notifications are read."""

    up_to = MomentField(
        help_text="The `created_on` of the newest one that was seen. What is in the future is now."
    )


@extend_schema_serializer(examples=[OpenApiExample("Unread", {"count": 3}, response_only=True)])
class UnreadSerializer(serializers.Serializer[Any]):
    """How many notifications are unread."""

    count = serializers.IntegerField(
        min_value=0, max_value=MAX_UNREAD, help_text=f"{MAX_UNREAD}: so many, or more."
    )
