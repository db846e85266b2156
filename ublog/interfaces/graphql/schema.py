"""The GraphQL schema, put together from what each module offers."""

import graphene

from ublog.interfaces.graphql.accounts import AccountMutations, AccountQueries
from ublog.interfaces.graphql.posts import PostMutations, PostQueries


class Query(PostQueries, AccountQueries):
    """What can be read."""


class Mutation(PostMutations, AccountMutations):
    """What can be done."""


schema = graphene.Schema(query=Query, mutation=Mutation)
