"""The mutations by which a user mutes others and conversations."""

from collections.abc import Callable
from typing import ClassVar

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.blog import mute_actions
from ublog.blog.mute_list import LISTED, MuteRow, list_mutes
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.post_types import AuthorType
from ublog.interfaces.graphql.posts import MarkMutation


class MuteType(graphene.ObjectType):
    """A user or a conversation that you mute."""

    class Meta:
        name = "Mute"

    created_on = graphene.DateTime(required=True)
    user = graphene.Field(AuthorType, description="null: a conversation is muted.")
    conversation = graphene.Int(
        description="The plain id of its first post. null: a user is muted."
    )
    text = graphene.String(
        required=True,
        description="Of the first post of the conversation, where it can be seen.",
    )


class MuteQueries(graphene.ObjectType):
    """The query that reads what a user mutes."""

    mutes = graphene.List(
        graphene.NonNull(MuteType),
        required=True,
        description=f"The users and conversations that you mute, the newest {LISTED}.",
    )

    @staticmethod
    def resolve_mutes(root: None, info: Info) -> list[MuteRow]:
        """Return what the user mutes."""
        return list_mutes(info.context.user)


class MutePost(MarkMutation):
    """Mute the conversation of a post. Muting it again changes nothing."""

    action = mute_actions.mute


class UnmutePost(MarkMutation):
    """Show the conversation of a post again."""

    action = mute_actions.unmute


class TogglePostMute(MarkMutation):
    """Mute the conversation of a post, or show it again."""

    action = mute_actions.toggle_mute


class UserMuteMutation(DomainMutation):
    """The base of the mutations that mute a user, or show the posts again."""

    class Meta:
        abstract = True

    class Arguments:
        username = graphene.String(required=True)

    muted = graphene.Boolean(description="Whether you mute the user now.")
    action: ClassVar[Callable[..., bool]]

    @classmethod
    def mutate(cls, root: None, info: Info, username: str) -> "UserMuteMutation":
        """Call the action of the class."""
        return cls(muted=cls.action(username=username, by=info.context.user))


class MuteUser(UserMuteMutation):
    """Mute a user. Muting them again changes nothing."""

    action = mute_actions.mute_user


class UnmuteUser(UserMuteMutation):
    """Show the posts of a user again."""

    action = mute_actions.unmute_user


class ToggleUserMute(UserMuteMutation):
    """Mute a user, or show their posts again."""

    action = mute_actions.toggle_user_mute


class MuteMutations(graphene.ObjectType):
    """The mutations that mute."""

    mute_post = MutePost.Field(required=True)
    unmute_post = UnmutePost.Field(required=True)
    toggle_post_mute = TogglePostMute.Field(required=True)
    mute_user = MuteUser.Field(required=True)
    unmute_user = UnmuteUser.Field(required=True)
    toggle_user_mute = ToggleUserMute.Field(required=True)
