"""The GraphQL schema, assembled from the queries and mutations of each module."""

import graphene

from ublog.interfaces.graphql.accounts import AccountMutations, AccountQueries
from ublog.interfaces.graphql.conversations import ConversationQueries
from ublog.interfaces.graphql.mutes import MuteMutations
from ublog.interfaces.graphql.nodes import NodeQueries
from ublog.interfaces.graphql.notifications import NotificationMutations, NotificationQueries
from ublog.interfaces.graphql.posts import PostMutations, PostQueries


class Query(PostQueries, ConversationQueries, NotificationQueries, AccountQueries, NodeQueries):
    """All queries."""


class Mutation(PostMutations, NotificationMutations, MuteMutations, AccountMutations):
    """All mutations."""


schema = graphene.Schema(query=Query, mutation=Mutation)
