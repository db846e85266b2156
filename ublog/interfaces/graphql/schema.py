"""The GraphQL schema, assembled from the queries and mutations of each module."""

import graphene

from ublog.interfaces.graphql.accounts import AccountMutations, AccountQueries
from ublog.interfaces.graphql.notifications import NotificationMutations, NotificationQueries
from ublog.interfaces.graphql.posts import PostMutations, PostQueries


class Query(PostQueries, NotificationQueries, AccountQueries):
    """All queries."""


class Mutation(PostMutations, NotificationMutations, AccountMutations):
    """All mutations."""


schema = graphene.Schema(query=Query, mutation=Mutation)
