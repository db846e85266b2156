"""People in GraphQL: members and profile pictures."""

from typing import Any

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.accounts.models import CustomUser
from ublog.blog.profile_pictures import set_avatar
from ublog.interfaces.graphql.accounts import MeType, UserType
from ublog.interfaces.graphql.connections import connection, connection_arguments, page_request
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.uploads import Upload


class MemberConnection(relay.Connection):
    """A page of members, newest first."""

    class Meta:
        node = UserType


class PeopleQueries(graphene.ObjectType):
    """The query that lists members."""

    members = graphene.Field(
        MemberConnection,
        required=True,
        description="The members of the site, newest first; needs a login.",
        **connection_arguments(),
    )

    @staticmethod
    def resolve_members(root: None, info: Info, **place: Any) -> dict[str, Any]:
        """Return a page of the members."""
        return connection(CustomUser.objects.members(info.context.user, **page_request(**place)))


class SetAvatar(DomainMutation):
    """Set your profile picture. It is cut to a square about its centre."""

    class Arguments:
        avatar = Upload(required=True)

    me = graphene.Field(MeType)

    @staticmethod
    def mutate(root: None, info: Info, avatar: Any) -> "SetAvatar":
        """Set the picture of the current user."""
        return SetAvatar(me=set_avatar(by=info.context.user, avatar=avatar))


class RemoveAvatar(DomainMutation):
    """Remove your profile picture."""

    me = graphene.Field(MeType)

    @staticmethod
    def mutate(root: None, info: Info) -> "RemoveAvatar":
        """Remove the picture of the current user."""
        return RemoveAvatar(me=set_avatar(by=info.context.user, avatar=None))


class PeopleMutations(graphene.ObjectType):
    """The mutations that change how people see the user."""

    set_avatar = SetAvatar.Field(required=True)
    remove_avatar = RemoveAvatar.Field(required=True)
