"""Posts in GraphQL: the queries that read them, and the mutations that change them."""

from collections.abc import Callable
from typing import Any, ClassVar

import graphene
from graphql import GraphQLResolveInfo as Info

from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.graphql.connections import connection, page_request
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.post_types import PostConnectionField, PostType
from ublog.interfaces.graphql.uploads import Upload
from ublog.interfaces.http.headers import idempotency_key

VERSION = "The `modifiedOn` that you have seen. If the post has another one, the error is STALE."


class PostQueries(graphene.ObjectType):
    """The queries that read posts."""

    posts = PostConnectionField(required=True)
    post = graphene.Field(PostType, id=graphene.ID(required=True))

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
        page = page_request(first, after, last, before)
        return connection(Post.objects.timeline(info.context.user, **filters, **page))

    @staticmethod
    def resolve_post(root: None, info: Info, id: str) -> Any:
        """Return one post."""
        return Post.objects.get_row(info.context.user, id)


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
    """Delete one of your posts, or any as a moderator."""

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
    action: ClassVar[Callable[..., Any]]

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
