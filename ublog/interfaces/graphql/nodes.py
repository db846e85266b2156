"""Relay's global object identification: https://relay.dev/graphql/objectidentification.htm.

The id of a post is its number, as in the other interfaces. The id of a user has a prefix, so that
no two objects have the same one, and stays when the user takes another name.
"""

from typing import Any

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow

USER_PREFIX = "user-"


class Node(graphene.Interface):
    """An object with an id that no other object has."""

    id = graphene.ID(required=True)

    @classmethod
    def resolve_type(cls, instance: CustomUser | PostRow, info: Info) -> Any:
        """Return the type of an object that `node` has found."""
        name = "User" if isinstance(instance, CustomUser) else "Post"
        return info.schema.get_type(name).graphene_type  # type: ignore[union-attr]


def user_id(user: Any) -> str:
    """Return the id of a user, or of the author of a post."""
    return f"{USER_PREFIX}{user.pk}"


class NodeQueries(graphene.ObjectType):
    """The query that reads any object by its id."""

    node = graphene.Field(
        Node, id=graphene.ID(required=True), description="A post or a user, by its id."
    )

    @staticmethod
    def resolve_node(root: None, info: Info, id: str) -> CustomUser | PostRow:
        """Return the object with that id."""
        if id.startswith(USER_PREFIX):
            return CustomUser.objects.get_by_id(id.removeprefix(USER_PREFIX), info.context.user)
        return Post.objects.get_row(info.context.user, id)
