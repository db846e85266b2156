"""The types of posts and their authors."""

from typing import Any, get_type_hints

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.blog.post_rows import Author, PostRow
from ublog.blog.querysets import PostFilters
from ublog.interfaces.graphql.connections import connection_arguments
from ublog.interfaces.graphql.image_types import RenditionType, avatar_field
from ublog.interfaces.graphql.nodes import Node, user_id
from ublog.interfaces.graphql.texts import segments_field


class AuthorType(graphene.ObjectType):
    """The author of a post."""

    class Meta:
        name = "Author"

    user_id = graphene.ID(required=True, description="The `id` of the user: for `node`.")
    username = graphene.String(required=True)
    display_name = graphene.String(required=True, description="May be empty.")
    avatar = avatar_field()

    @staticmethod
    def resolve_user_id(author: Author | CustomUser, info: Info) -> str:
        """Return the id, which stays when the user takes another name."""
        return user_id(author)


class ImageType(RenditionType):
    """The image of a post."""

    class Meta:
        name = "Image"

    alt = graphene.String(required=True, description="What can be seen in the image.")
    color = graphene.String(description="The colour of most of the image, as #rrggbb.")
    renditions = graphene.List(
        graphene.NonNull(RenditionType),
        required=True,
        description="Sizes for lists, smallest first: at least one, which may be the image itself.",
    )


class PostType(graphene.ObjectType):
    """A short text, with or without an image."""

    class Meta:
        name = "Post"
        interfaces = (Node,)

    body = graphene.String(required=True)
    language = graphene.String(description="A BCP 47 tag, such as pt-BR. null: not known.")
    segments = segments_field("The body, cut where something is to link.")
    image = graphene.Field(ImageType, source="image_info")
    created_by = graphene.Field(AuthorType, description="null: published anonymously.")
    created_on = graphene.DateTime(required=True)
    modified_on = graphene.DateTime(required=True)
    edited = graphene.Boolean(required=True)
    in_reply_to = graphene.ID(
        source="in_reply_to_id", description="The id of the post that it replies to."
    )
    reply_count = graphene.Int(required=True, description="Deleted replies are not counted.")
    deleted = graphene.Boolean(
        required=True, description="It stays, without text, image and author, while it has replies."
    )
    held = graphene.Boolean(
        required=True,
        description="It waits for a moderator. Only its author and moderators see it.",
    )
    hidden = graphene.Boolean(
        required=True,
        description="A moderator has hidden it. For all but its author and moderators it has no "
        "text, image and author, and stays only while it has replies.",
    )
    like_count = graphene.Int(required=True)
    liked = graphene.Boolean(required=True, description="Whether the current user likes it.")
    bookmarked = graphene.Boolean(required=True, description="Whether you have bookmarked it.")
    can_edit = graphene.Boolean(required=True, description="Whether the current user may edit it.")

    muted = graphene.Boolean(
        required=True,
        description="Whether the current user mutes its author or conversation: to be folded.",
    )
    can_delete = graphene.Boolean(
        required=True, description="Whether the current user may delete it."
    )

    @staticmethod
    def resolve_can_edit(post: Post | PostRow, info: Info) -> bool:
        """Return whether the post is the user's own."""
        return post.editable_by(info.context.user)

    @staticmethod
    def resolve_muted(post: Post | PostRow, info: Info) -> bool:
        """Return whether the user does not want to see the post."""
        return post.muted_by(info.context.user)

    @staticmethod
    def resolve_can_delete(post: Post | PostRow, info: Info) -> bool:
        """Return whether the post is the user's own, or the user is a moderator."""
        return post.deletable_by(info.context.user)


class PostConnection(relay.Connection):
    """A page of posts: newest first, or of replies oldest first."""

    class Meta:
        node = PostType

    searched_to = graphene.DateTime(
        description="The moment at which a search stopped, while there is more to look at."
    )


class PostConnectionField(graphene.Field):
    """A field that is a page of posts, with all filters of `PostFilters` as arguments."""

    def __init__(self, **options: Any) -> None:
        hints = get_type_hints(PostFilters, include_extras=True)
        filters = {name: filter_argument(*hint.__metadata__) for name, hint in hints.items()}
        super().__init__(PostConnection, **options, **filters, **connection_arguments())


def filter_argument(text: str, *values: str) -> graphene.Scalar:
    """Return the argument of a filter: a boolean for a switch, which is `on` elsewhere."""
    if values == ("on",):
        return graphene.Boolean(description=text.replace("`on`", "`true`"))
    return graphene.String(description=text)
