from django.shortcuts import get_object_or_404
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response

from blog import actions
from blog.models import Post


class PostSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="author.username", read_only=True)
    likes = serializers.IntegerField(source="like_count", read_only=True)

    class Meta:
        model = Post
        fields = ["id", "body", "author", "likes"]


@api_view(["GET"])
def post_list(request):
    """Return all posts, newest first."""
    return Response(PostSerializer(Post.objects.timeline(), many=True).data)


@api_view(["GET"])
def post_detail(request, pk):
    """Return one post."""
    post = get_object_or_404(Post.objects.timeline(), pk=pk)
    return Response(PostSerializer(post).data)


@api_view(["POST"])
def post_create(request):
    """Publish a post."""
    serializer = PostSerializer(data=request.data)
    serializer.is_valid(raise_exception=True)
    post = actions.publish(by=request.user, **serializer.validated_data)
    return Response(PostSerializer(post).data, status=201)


@api_view(["PUT"])
def post_update(request, pk):
    """Change a post."""
    post = get_object_or_404(Post, pk=pk)
    post.check_author(request.user)
    serializer = PostSerializer(post, data=request.data)
    serializer.is_valid(raise_exception=True)
    post = actions.edit(post, by=request.user, **serializer.validated_data)
    return Response(PostSerializer(post).data)


@api_view(["DELETE"])
def post_delete(request, pk):
    """Delete a post."""
    actions.delete(get_object_or_404(Post, pk=pk), by=request.user)
    return Response(status=204)


@api_view(["POST"])
def post_like(request, pk):
    """Like a post."""
    post = actions.like(get_object_or_404(Post, pk=pk), by=request.user)
    return Response(PostSerializer(post).data)
