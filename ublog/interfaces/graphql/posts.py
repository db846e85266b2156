"""Posts in GraphQL: types, the queries that read them, the mutations that write them."""

from typing import Any

import graphene
from graphene import relay
from graphql import GraphQLResolveInfo as Info

from ublog.blog import actions, models
from ublog.blog.post_rows import Picture, PostDisplayMixin, PostRow
from ublog.core.viewers import Viewer
from ublog.interfaces.graphql.connections import connection, place
from ublog.interfaces.graphql.errors import DomainMutation
from ublog.interfaces.graphql.uploads import Upload
from ublog.interfaces.http.headers import idempotency_key

VERSION = "The `modifiedOn` that you have seen: another one now is refused as STALE."


class Author(graphene.ObjectType):
    """Whoever wrote a post."""

    username = graphene.String(required=True)
    display_name = graphene.String(required=True, description="May be empty.")


class Image(graphene.ObjectType):
    """A post's picture."""

    url = graphene.String(required=True)
    thumbnail = graphene.String(required=True, description="The picture itself until one is made.")
    width = graphene.Int(required=True, description="Pixels, of the picture.")
    height = graphene.Int(required=True, description="Pixels, of the picture.")
    alt = graphene.String(required=True, description="What can be seen in it.")


class Post(graphene.ObjectType):
    """A short text, with a picture if its author likes."""

    id = graphene.ID(required=True)
    body = graphene.String(required=True)
    image = graphene.Field(Image)
    created_by = graphene.Field(Author, description="null: published anonymously.")
    created_on = graphene.DateTime(required=True)
    modified_on = graphene.DateTime(required=True)
    edited = graphene.Boolean(required=True)
    like_count = graphene.Int(required=True)
    liked = graphene.Boolean(required=True, description="Whether the caller likes it.")
    can_edit = graphene.Boolean(required=True, description="Whether the caller may change it.")

    @staticmethod
    def resolve_image(post: PostDisplayMixin, info: Info) -> Picture | None:
        return post.picture

    @staticmethod
    def resolve_can_edit(post: PostDisplayMixin, info: Info) -> bool:
        return post.editable_by(info.context.user)


class PostConnection(relay.Connection):
    """A page of posts, newest first."""

    class Meta:
        node = Post


class PostQueries(graphene.ObjectType):
    post = graphene.Field(Post, id=graphene.ID(required=True))
    posts = graphene.Field(
        PostConnection,
        required=True,
        q=graphene.String(description="Posts that contain this text."),
        author=graphene.String(description="Posts by the person of this username."),
        first=graphene.Int(),
        after=graphene.String(),
        last=graphene.Int(),
        before=graphene.String(),
    )

    @staticmethod
    def resolve_post(root: None, info: Info, id: str) -> PostRow:
        return models.Post.objects.get_row(info.context.user, id)

    @staticmethod
    def resolve_posts(
        root: None, info: Info, q: str | None = None, author: str | None = None, **window: Any
    ) -> dict[str, Any]:
        posts = models.Post.objects
        page = posts.timeline(info.context.user, q=q or "", author=author or "", **place(**window))
        return connection(page)


class CreatePost(DomainMutation):
    """Publish a post. The header `Idempotency-Key` makes a second try safe."""

    class Arguments:
        body = graphene.String(required=True)
        image = Upload()
        image_alt = graphene.String()

    post = graphene.Field(Post)

    @classmethod
    def answer(cls, info: Info, **given: Any) -> dict[str, Any]:
        key = idempotency_key(info.context)
        return {"post": actions.publish(by=info.context.user, key=key, **given)}


class UpdatePost(DomainMutation):
    """Edit one's own post; what is not given stays."""

    class Arguments:
        id = graphene.ID(required=True)
        body = graphene.String()
        image = Upload()
        image_alt = graphene.String()
        remove_image = graphene.Boolean()
        version = graphene.String(description=VERSION)

    post = graphene.Field(Post)

    @staticmethod
    def perform(by: Viewer, id: str, remove_image: bool = False, **changes: Any) -> dict[str, Any]:
        if remove_image:
            changes["image"] = None
        return {"post": actions.edit(post_id=id, by=by, **changes)}


class DeletePost(DomainMutation):
    """Delete one's own post."""

    class Arguments:
        id = graphene.ID(required=True)
        version = graphene.String(description=VERSION)

    deleted_id = graphene.ID()
    post = graphene.Field(Post, description="What it is now, if it is not the version given.")

    @staticmethod
    def perform(by: Viewer, id: str, version: str | None = None) -> dict[str, Any]:
        actions.delete(post_id=id, by=by, version=version)
        return {"deleted_id": id}


class LikePost(DomainMutation):
    """Like a post; liking it again changes nothing."""

    class Arguments:
        id = graphene.ID(required=True)

    post = graphene.Field(Post)

    @staticmethod
    def perform(by: Viewer, id: str) -> dict[str, Any]:
        return {"post": actions.like(post_id=id, by=by)}


class UnlikePost(DomainMutation):
    """Take a like back; without one nothing changes."""

    class Arguments:
        id = graphene.ID(required=True)

    post = graphene.Field(Post)

    @staticmethod
    def perform(by: Viewer, id: str) -> dict[str, Any]:
        return {"post": actions.unlike(post_id=id, by=by)}


class TogglePostLike(DomainMutation):
    """The click on the like button."""

    class Arguments:
        id = graphene.ID(required=True)

    post = graphene.Field(Post)

    @staticmethod
    def perform(by: Viewer, id: str) -> dict[str, Any]:
        return {"post": actions.toggle_like(post_id=id, by=by)}


class PostMutations(graphene.ObjectType):
    create_post = CreatePost.Field(required=True)
    update_post = UpdatePost.Field(required=True)
    delete_post = DeletePost.Field(required=True)
    like_post = LikePost.Field(required=True)
    unlike_post = UnlikePost.Field(required=True)
    toggle_post_like = TogglePostLike.Field(required=True)
