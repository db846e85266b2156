"""What moderators see and do, in GraphQL."""

from typing import Any

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.accounts import scopes
from ublog.accounts.models import Application, CustomUser
from ublog.accounts.moderation_log import LogEntry, ModerationAction
from ublog.blog import moderation, queue
from ublog.blog.moderation import APPLICATION_ACTIONS, POST_ACTIONS, USER_ACTIONS
from ublog.blog.queue import MAX_COUNTED, QueueItem
from ublog.blog.queue import QueueKind as Kind
from ublog.blog.reports import Report
from ublog.interfaces.graphql.connections import connection, connection_arguments, page_request
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.post_types import AuthorType, PostType
from ublog.interfaces.graphql.reports import REASON

QueueKind = graphene.Enum("QueueKind", [(kind, kind) for kind in Kind.values])
PostAction = graphene.Enum("PostAction", [(name, name) for name in POST_ACTIONS])
UserAction = graphene.Enum("UserAction", [(name, name) for name in USER_ACTIONS])
ApplicationAction = graphene.Enum(
    "ApplicationAction", [(name, name) for name in APPLICATION_ACTIONS]
)
LogAction = graphene.Enum("LogAction", [(name, name) for name in ModerationAction.values])


class SuspectType(AuthorType):
    """A user whom moderators look at."""

    class Meta:
        name = "Suspect"

    suspended_until = graphene.DateTime(
        description="null: not suspended. In the year 9999: without an end."
    )

    @staticmethod
    def resolve_suspended_until(user: CustomUser, info: Info) -> Any:
        """Return the end of a suspension that has not ended."""
        return user.suspended_until if user.is_suspended else None


class ReportType(graphene.ObjectType):
    """A report of a post or a user."""

    class Meta:
        name = "Report"

    id = graphene.ID(required=True)
    by = graphene.Field(AuthorType, description="null: somebody who left.")
    reason = graphene.String(required=True)
    created_on = graphene.DateTime(required=True)

    @staticmethod
    def resolve_id(report: Report, info: Info) -> str:
        """Return an id that nothing else has."""
        return f"report-{report.pk}"


class ApplicationType(graphene.ObjectType):
    """Somebody wants to join."""

    class Meta:
        name = "Application"

    id = graphene.ID(required=True)
    email = graphene.String(required=True)
    reason = graphene.String(required=True)

    @staticmethod
    def resolve_id(application: Application, info: Info) -> str:
        """Return an id that nothing else has."""
        return f"application-{application.pk}"


class QueueItemType(graphene.ObjectType):
    """A post, a user or an application that a moderator has to look at."""

    class Meta:
        name = "QueueItem"

    id = graphene.ID(required=True)
    kind = QueueKind(required=True)
    created_on = graphene.DateTime(required=True)
    post = graphene.Field(PostType)
    user = graphene.Field(SuspectType, description="The author, who was reported, or who applies.")
    report_count = graphene.Int(required=True, description=f"At most {MAX_COUNTED}.")
    reports = graphene.List(
        graphene.NonNull(ReportType), required=True, description="The latest of them."
    )
    has_network = graphene.Boolean(
        required=True, description="Whether the network of the post is known."
    )
    application = graphene.Field(ApplicationType)
    can_dismiss = graphene.Boolean(
        required=True, description="Whether you may dismiss the reports."
    )
    can_suspend = graphene.Boolean(
        required=True, description="Whether you may act against the user."
    )

    @staticmethod
    def resolve_id(item: QueueItem, info: Info) -> str:
        """Return an id that nothing else has."""
        return f"queue-{item.id}"

    @staticmethod
    def resolve_kind(item: QueueItem, info: Info) -> str:
        """Return the value of the kind, which is what the schema has."""
        return item.kind.value


class QueueConnection(relay.Connection):
    """A page of the queue, newest first."""

    class Meta:
        node = QueueItemType


class LogEntryType(graphene.ObjectType):
    """What a moderator did."""

    class Meta:
        name = "LogEntry"

    id = graphene.ID(required=True)
    created_on = graphene.DateTime(required=True)
    by = graphene.String(required=True, description="The username at the time.")
    action = LogAction(required=True)
    target = graphene.String(required=True)
    reason = graphene.String(required=True)

    @staticmethod
    def resolve_id(entry: LogEntry, info: Info) -> str:
        """Return an id that nothing else has."""
        return f"log-{entry.pk}"

    @staticmethod
    def resolve_by(entry: LogEntry, info: Info) -> str:
        """Return the username at the time."""
        return entry.by_name


class LogConnection(relay.Connection):
    """A page of the log, newest first."""

    class Meta:
        node = LogEntryType


class DeletionType(graphene.ObjectType):
    """A large deletion, and how far it is."""

    class Meta:
        name = "LargeDeletion"

    id = graphene.ID(required=True)
    label = graphene.String(required=True)
    total = graphene.Int(required=True)
    done = graphene.Int(required=True)
    created_on = graphene.DateTime(required=True)
    finished_on = graphene.DateTime()

    @staticmethod
    def resolve_id(cleanup: Any, info: Info) -> str:
        """Return an id that nothing else has."""
        return f"deletion-{cleanup.pk}"


class BlockType(graphene.ObjectType):
    """A domain or a network that is blocked."""

    class Meta:
        name = "Block"

    id = graphene.ID(required=True)
    kind = graphene.String(required=True, description="domain, or network.")
    label = graphene.String(required=True)
    created_on = graphene.DateTime(required=True)

    @staticmethod
    def resolve_id(block: Any, info: Info) -> str:
        """Return an id that nothing else has."""
        return f"block-{block.pk}"


class ModerationQueries(graphene.ObjectType):
    """The queries of moderators."""

    moderation_queue = graphene.Field(QueueConnection, required=True, **connection_arguments())
    moderation_log = graphene.Field(LogConnection, required=True, **connection_arguments())
    waiting_count = graphene.Int(required=True, description="What waits for the moderators.")
    large_deletions = graphene.List(graphene.NonNull(DeletionType), required=True)
    blocks = graphene.List(graphene.NonNull(BlockType), required=True)

    @staticmethod
    def resolve_moderation_queue(root: None, info: Info, **place: Any) -> dict[str, Any]:
        """Return a page of the queue."""
        return connection(queue.page(info.context.user, **page_request(**place)))

    @staticmethod
    def resolve_moderation_log(root: None, info: Info, **place: Any) -> dict[str, Any]:
        """Return a page of the log."""
        return connection(moderation.log_page(info.context.user, **page_request(**place)))

    @staticmethod
    def resolve_waiting_count(root: None, info: Info) -> int:
        """Return how much waits for the moderators; 0 for all others."""
        return queue.count(info.context.user)

    @staticmethod
    def resolve_large_deletions(root: None, info: Info) -> Any:
        """Return the latest large deletions."""
        return moderation.list_cleanups(info.context.user)

    @staticmethod
    def resolve_blocks(root: None, info: Info) -> Any:
        """Return what is blocked."""
        return moderation.list_blocks(info.context.user)


class ModerationMutation(DomainMutation):
    """Base of what moderators do."""

    class Meta:
        abstract = True

    scope = scopes.MODERATE


class ModeratePost(ModerationMutation):
    """Do something about a post, as a moderator."""

    class Arguments:
        id = graphene.ID(required=True)
        action = PostAction(required=True)
        reason = graphene.String(description=REASON)

    done = graphene.Boolean(description="true, if nothing went wrong.")

    @staticmethod
    def mutate(root: None, info: Info, id: str, action: Any, **given: Any) -> "ModeratePost":
        """Do it."""
        name, by = value_of(action), info.context.user
        moderation.moderate_post(action=name, post_id=id, by=by, **given)
        return ModeratePost(done=True)


class ModerateUser(ModerationMutation):
    """Do something about a user, as a moderator."""

    class Arguments:
        username = graphene.String(required=True)
        action = UserAction(required=True)
        reason = graphene.String(description=REASON)
        until = graphene.String(
            description="The end of a suspension, in RFC 3339. Without it, it has no end."
        )

    done = graphene.Boolean(description="true, if nothing went wrong.")

    @staticmethod
    def mutate(root: None, info: Info, username: str, action: Any, **given: Any) -> "ModerateUser":
        """Do it."""
        name, by = value_of(action), info.context.user
        moderation.moderate_user(action=name, username=username, by=by, **given)
        return ModerateUser(done=True)


class ModerateApplication(ModerationMutation):
    """Let somebody join, or delete the account, as a moderator."""

    class Arguments:
        id = graphene.ID(required=True)
        action = ApplicationAction(required=True)
        reason = graphene.String(description=REASON)

    done = graphene.Boolean(description="true, if nothing went wrong.")

    @staticmethod
    def mutate(root: None, info: Info, id: str, action: Any, **given: Any) -> "ModerateApplication":
        """Do it."""
        name, number, by = value_of(action), id.removeprefix("application-"), info.context.user
        moderation.moderate_application(action=name, application_id=number, by=by, **given)
        return ModerateApplication(done=True)


class BlockSource(ModerationMutation):
    """Block an e-mail domain, or the network of an IP address."""

    class Arguments:
        domain = graphene.String()
        address = graphene.String()
        reason = graphene.String(description=REASON)

    done = graphene.Boolean(description="true, if nothing went wrong.")

    @staticmethod
    def mutate(root: None, info: Info, **given: str) -> "BlockSource":
        """Block it."""
        moderation.block(by=info.context.user, **given)
        return BlockSource(done=True)


class Unblock(ModerationMutation):
    """End a block."""

    class Arguments:
        id = graphene.ID(required=True)

    done = graphene.Boolean(description="true, if nothing went wrong.")

    @staticmethod
    def mutate(root: None, info: Info, id: str) -> "Unblock":
        """End it."""
        number = id.removeprefix("block-")
        moderation.allow(by=info.context.user, block_id=number)
        return Unblock(done=True)


def value_of(choice: Any) -> str:
    """Return the value of an enum's member, which Graphene passes in place of it."""
    return str(getattr(choice, "value", choice))


class ModerationMutations(graphene.ObjectType):
    """The mutations of moderators."""

    moderate_post = ModeratePost.Field(required=True)
    moderate_user = ModerateUser.Field(required=True)
    moderate_application = ModerateApplication.Field(required=True)
    block = BlockSource.Field(required=True)
    unblock = Unblock.Field(required=True)
