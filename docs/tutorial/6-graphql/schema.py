import graphene
from django.shortcuts import get_object_or_404
from graphene_django import DjangoObjectType

from blog import actions
from blog.models import Post


class PostType(DjangoObjectType):
    author = graphene.String()
    likes = graphene.Int()

    class Meta:
        model = Post
        fields = ["id", "body"]

    def resolve_author(self, info):
        return self.author.username

    def resolve_likes(self, info):
        return self.like_count


class Query(graphene.ObjectType):
    posts = graphene.List(PostType)
    post = graphene.Field(PostType, id=graphene.ID(required=True))

    def resolve_posts(self, info):
        return Post.objects.timeline()

    def resolve_post(self, info, id):
        return get_object_or_404(Post.objects.timeline(), pk=id)


class CreatePost(graphene.Mutation):
    class Arguments:
        body = graphene.String(required=True)

    post = graphene.Field(PostType)

    def mutate(self, info, body):
        return CreatePost(actions.publish(by=info.context.user, body=body))


class UpdatePost(graphene.Mutation):
    class Arguments:
        id = graphene.ID(required=True)
        body = graphene.String(required=True)

    post = graphene.Field(PostType)

    def mutate(self, info, id, body):
        post = get_object_or_404(Post, pk=id)
        return UpdatePost(actions.edit(post, by=info.context.user, body=body))


class DeletePost(graphene.Mutation):
    class Arguments:
        id = graphene.ID(required=True)

    deleted_id = graphene.ID()

    def mutate(self, info, id):
        actions.delete(get_object_or_404(Post, pk=id), by=info.context.user)
        return DeletePost(id)


class LikePost(graphene.Mutation):
    class Arguments:
        id = graphene.ID(required=True)

    post = graphene.Field(PostType)

    def mutate(self, info, id):
        return LikePost(actions.like(get_object_or_404(Post, pk=id), by=info.context.user))


class Mutation(graphene.ObjectType):
    create_post = CreatePost.Field()
    update_post = UpdatePost.Field()
    delete_post = DeletePost.Field()
    like_post = LikePost.Field()


schema = graphene.Schema(query=Query, mutation=Mutation)
