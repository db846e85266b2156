"""The GraphQL schema, assembled from the queries and mutations of each module."""

import graphene

from ublog.interfaces.graphql.accounts import AccountMutations, AccountQueries
from ublog.interfaces.graphql.allowed_applications import (
    AllowedApplicationMutations,
    AllowedApplicationQueries,
)
from ublog.interfaces.graphql.conversations import ConversationQueries
from ublog.interfaces.graphql.likes import LikeQueries
from ublog.interfaces.graphql.moderation import ModerationMutations, ModerationQueries
from ublog.interfaces.graphql.mutes import MuteMutations, MuteQueries
from ublog.interfaces.graphql.nodes import NodeQueries
from ublog.interfaces.graphql.notifications import NotificationMutations, NotificationQueries
from ublog.interfaces.graphql.own_data import OwnDataMutations, OwnDataQueries
from ublog.interfaces.graphql.people import PeopleMutations, PeopleQueries
from ublog.interfaces.graphql.personal_tokens import PersonalTokenMutations, PersonalTokenQueries
from ublog.interfaces.graphql.posts import PostMutations, PostQueries
from ublog.interfaces.graphql.reports import ReportMutations
from ublog.interfaces.graphql.site import SiteMutations, SiteQueries


class Query(
    PostQueries,
    ConversationQueries,
    LikeQueries,
    NotificationQueries,
    ModerationQueries,
    MuteQueries,
    AccountQueries,
    PeopleQueries,
    PersonalTokenQueries,
    AllowedApplicationQueries,
    SiteQueries,
    OwnDataQueries,
    NodeQueries,
):
    """All queries."""


class Mutation(
    PostMutations,
    NotificationMutations,
    MuteMutations,
    ReportMutations,
    ModerationMutations,
    AccountMutations,
    PeopleMutations,
    PersonalTokenMutations,
    AllowedApplicationMutations,
    SiteMutations,
    OwnDataMutations,
):
    """All mutations."""


schema = graphene.Schema(query=Query, mutation=Mutation)
