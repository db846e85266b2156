from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.permissions import SAFE_METHODS
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from blog import actions
from blog.models import Post


class PostSerializer(serializers.ModelSerializer):
    author = serializers.CharField(source="author.username", read_only=True)
    likes = serializers.IntegerField(source="like_count", read_only=True)

    class Meta:
        model = Post
        fields = ["id", "body", "author", "likes"]


class PostViewSet(ModelViewSet):
    """List, read, publish, change, delete and like posts."""

    http_method_names = ["get", "head", "options", "post", "put", "delete"]
    queryset = Post.objects.timeline()
    serializer_class = PostSerializer

    def get_object(self):
        """Return the post of the URL, to change it only to its author."""
        post = super().get_object()
        if self.action != "like" and self.request.method not in SAFE_METHODS:
            post.check_author(self.request.user)
        return post

    def perform_create(self, serializer):
        """Publish the post."""
        data = serializer.validated_data
        serializer.instance = actions.publish(by=self.request.user, **data)

    def perform_update(self, serializer):
        """Change the post."""
        post, data = serializer.instance, serializer.validated_data
        serializer.instance = actions.edit(post, by=self.request.user, **data)

    def perform_destroy(self, instance):
        """Delete the post."""
        actions.delete(instance, by=self.request.user)

    @action(detail=True, methods=["POST"])
    def like(self, request, pk):
        """Like a post."""
        post = actions.like(self.get_object(), by=request.user)
        return Response(self.get_serializer(post).data)
