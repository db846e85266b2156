"""What a post replies to, and the replies to it."""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.blog.models import Post
from ublog.interfaces.graphql.connections import connection, connection_arguments, page_request
from ublog.interfaces.graphql.post_types import PostConnection, PostType


class AncestorsType(graphene.ObjectType):
    """The posts that a post replies to."""

    class Meta:
        name = "Ancestors"

    results = graphene.List(
        graphene.NonNull(PostType),
        required=True,
        description="The nearest ones, oldest first.",
    )
    top = graphene.ID(
        description="The id of the first post of the conversation, if it is not among them."
    )


class ConversationQueries(graphene.ObjectType):
    """The queries that read a conversation."""

    ancestors = graphene.Field(AncestorsType, required=True, id=graphene.ID(required=True))
    replies = graphene.Field(
        PostConnection,
        required=True,
        id=graphene.ID(required=True),
        **connection_arguments(),
    )

    @staticmethod
    def resolve_ancestors(root: None, info: Info, id: str) -> dict[str, Any]:
        """Return the posts that a post replies to."""
        conversation = Post.objects.conversation(info.context.user, id)
        return {"results": conversation.ancestors, "top": conversation.top}

    @staticmethod
    def resolve_replies(root: None, info: Info, id: str, **place: Any) -> dict[str, Any]:
        """Return a page of the replies to a post."""
        page = page_request(**place, oldest_first=True)
        return connection(Post.objects.replies(info.context.user, id, **page))
