"""Notifications in GraphQL: the types, the queries that read them, and marking them as read."""

from datetime import datetime
from typing import Any

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.blog.notifications import MAX_UNREAD, Notification, NotificationRow, mark_read
from ublog.blog.notifications import NotificationKind as Kind
from ublog.interfaces.graphql.connections import connection, connection_arguments, page_request
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.post_types import AuthorType, PostType

NotificationKind = graphene.Enum("NotificationKind", [(kind, kind) for kind in Kind.values])
UNREAD = f"At most {MAX_UNREAD}: so many, or more."


class NotificationType(graphene.ObjectType):
    """A notification, mostly of a post."""

    class Meta:
        name = "Notification"

    id = graphene.ID(required=True)
    kind = NotificationKind(
        required=True,
        description="reply: the post replies to one of yours. mention: it mentions you. "
        "like: the post is yours, and others like it. To moderators, until one has dealt with it: "
        "report: the post, or without one the actor, was reported. held: the post waits for an "
        "approval, as others may. application: the actor wants to join.",
    )
    created_on = graphene.DateTime(
        required=True, description="Of a like, when the last one was set."
    )
    unread = graphene.Boolean(required=True)
    actor = graphene.Field(
        AuthorType,
        description="Who wrote the post, liked it last, was reported or applies. null: anonymous.",
    )
    other_count = graphene.Int(required=True, description="How many others like the post.")
    post = graphene.Field(PostType)

    @staticmethod
    def resolve_id(row: NotificationRow, info: Info) -> str:
        """Return an id that no post and no user has: clients such as Relay store all by it."""
        return f"notification-{row.id}"


class NotificationConnection(relay.Connection):
    """A page of notifications, newest first."""

    class Meta:
        node = NotificationType


class NotificationQueries(graphene.ObjectType):
    """The queries that read notifications; they need a login."""

    notifications = graphene.Field(
        NotificationConnection,
        required=True,
        **connection_arguments(),
    )
    unread_notification_count = graphene.Int(required=True, description=UNREAD)

    @staticmethod
    def resolve_notifications(root: None, info: Info, **place: Any) -> dict[str, Any]:
        """Return a page of the user's notifications."""
        page = page_request(**place)
        return connection(Notification.objects.page(info.context.user, **page))

    @staticmethod
    def resolve_unread_notification_count(root: None, info: Info) -> int:
        """Return how many notifications of the user are unread."""
        return Notification.objects.count_unread(info.context.user)


class MarkNotificationsRead(DomainMutation):
    """Mark your notifications up to a moment as read."""

    class Arguments:
        up_to = graphene.DateTime(
            required=True,
            description="The createdOn of the newest one that was seen. The future is now.",
        )

    unread_notification_count = graphene.Int(description=UNREAD)

    @staticmethod
    def mutate(root: None, info: Info, up_to: datetime) -> "MarkNotificationsRead":
        """Mark them as read."""
        count = mark_read(by=info.context.user, up_to=up_to)
        return MarkNotificationsRead(unread_notification_count=count)


class NotificationMutations(graphene.ObjectType):
    """The mutations that change notifications."""

    mark_notifications_read = MarkNotificationsRead.Field(required=True)
