"""Posts in GraphQL: the types, the queries that read them, the mutations that change them."""

from collections.abc import Callable
from typing import Any, ClassVar

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.post_rows import PostRow
from ublog.interfaces.graphql import connections, nodes
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.texts import segments_field
from ublog.interfaces.graphql.uploads import Upload
from ublog.interfaces.http.headers import idempotency_key

VERSION = "The `modifiedOn` that you have seen. If the post has another one, the error is STALE."


class RenditionType(graphene.ObjectType):
    """An image in one size."""

    class Meta:
        name = "Rendition"

    url = graphene.String(required=True)
    width = graphene.Int(required=True, description="Pixels.")
    height = graphene.Int(required=True, description="Pixels.")


class ImageType(RenditionType):
    """The image of a post."""

    class Meta:
        name = "Image"

    alt = graphene.String(required=True, description="What can be seen in the image.")
    renditions = graphene.List(
        graphene.NonNull(RenditionType),
        required=True,
        description="Sizes for lists, smallest first: at least one, which may be the image itself.",
    )


class PostType(graphene.ObjectType):
    """A short text, with or without an image."""

    class Meta:
        name = "Post"
        interfaces = (nodes.Node,)

    body = graphene.String(required=True)
    language = graphene.String(description="A BCP 47 tag, such as pt-BR. null: not known.")
    segments = segments_field("The body, cut where something is to link.")
    image = graphene.Field(ImageType, source="image_info")
    created_by = graphene.Field(nodes.AuthorType, description="null: published anonymously.")
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
    like_count = graphene.Int(required=True)
    liked = graphene.Boolean(required=True, description="Whether the current user likes it.")
    bookmarked = graphene.Boolean(required=True, description="Whether you have bookmarked it.")
    can_edit = graphene.Boolean(required=True, description="Whether the current user may edit it.")

    @staticmethod
    def resolve_can_edit(post: Post | PostRow, info: Info) -> bool:
        """Return whether the post is the user's own."""
        return post.editable_by(info.context.user)


class PostConnection(relay.Connection):
    """A page of posts: newest first, or of replies oldest first."""

    class Meta:
        node = PostType


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


class PostQueries(graphene.ObjectType):
    """The queries that read posts."""

    posts = graphene.Field(
        PostConnection,
        required=True,
        q=graphene.String(description="Only posts that contain this text."),
        author=graphene.String(description="Only posts by the user with this username."),
        tag=graphene.String(description="Only posts with this hashtag."),
        bookmarked=graphene.Boolean(description="true: only posts that you have bookmarked."),
        replies=graphene.Boolean(
            description="true: replies, too; a search, a tag and your bookmarks always have them."
        ),
        first=graphene.Int(),
        after=graphene.String(),
        last=graphene.Int(),
        before=graphene.String(),
    )
    post = graphene.Field(PostType, id=graphene.ID(required=True))
    ancestors = graphene.Field(AncestorsType, required=True, id=graphene.ID(required=True))
    replies = graphene.Field(
        PostConnection,
        required=True,
        id=graphene.ID(required=True),
        first=graphene.Int(),
        after=graphene.String(),
        last=graphene.Int(),
        before=graphene.String(),
    )

    @staticmethod
    def resolve_posts(
        root: None,
        info: Info,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        **filters: Any,
    ) -> dict[str, Any]:
        """Return a page of the posts that match the filters."""
        filters = {name: "on" if value is True else value or "" for name, value in filters.items()}
        page = connections.page_request(first, after, last, before)
        return connections.connection(Post.objects.timeline(info.context.user, **filters, **page))

    @staticmethod
    def resolve_post(root: None, info: Info, id: str) -> PostRow:
        """Return one post."""
        return Post.objects.get_row(info.context.user, id)

    @staticmethod
    def resolve_ancestors(root: None, info: Info, id: str) -> dict[str, Any]:
        """Return the posts that a post replies to."""
        conversation = Post.objects.conversation(info.context.user, id)
        return {"results": conversation.ancestors, "top": conversation.top}

    @staticmethod
    def resolve_replies(root: None, info: Info, id: str, **place: Any) -> dict[str, Any]:
        """Return a page of the replies to a post."""
        page = connections.page_request(**place, oldest_first=True)
        return connections.connection(Post.objects.replies(info.context.user, id, **page))


class CreatePost(DomainMutation):
    """Publish a post, or a reply to one. The header `Idempotency-Key` makes a retry safe."""

    class Arguments:
        body = graphene.String(required=True)
        language = graphene.String()
        image = Upload()
        image_alt = graphene.String()
        in_reply_to = graphene.ID(description="The id of a post, to reply to it.")

    post = graphene.Field(PostType)

    @staticmethod
    def mutate(root: None, info: Info, **fields: Any) -> "CreatePost":
        """Publish the post, once for each key."""
        key = idempotency_key(info.context)
        return CreatePost(post=actions.publish(by=info.context.user, key=key, **fields))


class UpdatePost(DomainMutation):
    """Edit one of your posts. Absent arguments are not changed."""

    class Arguments:
        id = graphene.ID(required=True)
        body = graphene.String()
        language = graphene.String()
        image = Upload()
        image_alt = graphene.String()
        remove_image = graphene.Boolean()
        version = graphene.String(description=VERSION)

    post = graphene.Field(PostType)

    @staticmethod
    def mutate(
        root: None, info: Info, id: str, remove_image: bool = False, **changes: Any
    ) -> "UpdatePost":
        """Change the post."""
        if remove_image:
            changes["image"] = None
        return UpdatePost(post=actions.edit(post_id=id, by=info.context.user, **changes))


class DeletePost(DomainMutation):
    """Delete one of your posts."""

    class Arguments:
        id = graphene.ID(required=True)
        version = graphene.String(description=VERSION)

    deleted_id = graphene.ID()
    post = graphene.Field(PostType, description="The current post, if the error is STALE.")

    @staticmethod
    def mutate(root: None, info: Info, id: str, version: str | None = None) -> "DeletePost":
        """Delete the post."""
        actions.delete(post_id=id, by=info.context.user, version=version)
        return DeletePost(deleted_id=id)


class MarkMutation(DomainMutation):
    """The base of the mutations that set, remove or toggle a mark of the user on a post."""

    class Meta:
        abstract = True

    class Arguments:
        id = graphene.ID(required=True)

    post = graphene.Field(PostType)
    action: ClassVar[Callable[..., PostRow]]

    @classmethod
    def mutate(cls, root: None, info: Info, id: str) -> "MarkMutation":
        """Call the action of the class."""
        return cls(post=cls.action(post_id=id, by=info.context.user))


class LikePost(MarkMutation):
    """Like a post. Liking it again changes nothing."""

    action = actions.like


class UnlikePost(MarkMutation):
    """Remove your like from a post. Without a like nothing changes."""

    action = actions.unlike


class TogglePostLike(MarkMutation):
    """Like a post, or remove your like from it."""

    action = actions.toggle_like


class BookmarkPost(MarkMutation):
    """Bookmark a post. Bookmarking it again changes nothing."""

    action = actions.bookmark


class UnbookmarkPost(MarkMutation):
    """Remove your bookmark from a post. Without a bookmark nothing changes."""

    action = actions.unbookmark


class TogglePostBookmark(MarkMutation):
    """Bookmark a post, or remove your bookmark from it."""

    action = actions.toggle_bookmark


class PostMutations(graphene.ObjectType):
    """The mutations that change posts."""

    create_post = CreatePost.Field(required=True)
    update_post = UpdatePost.Field(required=True)
    delete_post = DeletePost.Field(required=True)
    like_post = LikePost.Field(required=True)
    unlike_post = UnlikePost.Field(required=True)
    toggle_post_like = TogglePostLike.Field(required=True)
    bookmark_post = BookmarkPost.Field(required=True)
    unbookmark_post = UnbookmarkPost.Field(required=True)
    toggle_post_bookmark = TogglePostBookmark.Field(required=True)
