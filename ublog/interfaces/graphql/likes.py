"""Who likes a post, in GraphQL."""

from typing import Any

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.blog.likes import list_likes
from ublog.interfaces.graphql.connections import connection, connection_arguments, page_request
from ublog.interfaces.graphql.post_types import AuthorType


class LikeType(graphene.ObjectType):
    """A like of a post."""

    class Meta:
        name = "Like"

    user = graphene.Field(AuthorType, required=True)
    liked_on = graphene.DateTime(required=True)


class LikeConnection(relay.Connection):
    """A page of likes, newest first."""

    class Meta:
        node = LikeType


class LikeQueries(graphene.ObjectType):
    """The query that reads who likes a post."""

    liked_by = graphene.Field(
        LikeConnection,
        required=True,
        description="Who likes a post, newest first.",
        id=graphene.ID(required=True),
        **connection_arguments(),
    )

    @staticmethod
    def resolve_liked_by(root: None, info: Info, id: str, **place: Any) -> dict[str, Any]:
        """Return a page of the likes of a post."""
        return connection(list_likes(info.context.user, id, **page_request(**place)))
