"""Plain Django REST framework: a nested ModelSerializer, as its tutorial has it.

`/posts/` shows the stored like count; `/grouped/` joins the likes and counts them in the query.
"""

from bench.peers.django_site import set_up

set_up(__name__, "rest_framework")

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework import routers, serializers, viewsets  # noqa: E402
from rest_framework.pagination import CursorPagination  # noqa: E402

from bench.peers.models import Author, Post  # noqa: E402


class AuthorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Author
        fields = ["username", "display_name"]


class PostSerializer(serializers.ModelSerializer):
    created_by = AuthorSerializer()

    class Meta:
        model = Post
        fields = ["id", "body", "image", "image_alt", "image_width", "image_height"]
        fields += ["created_by", "created_on", "modified_on", "like_count"]


class GroupedSerializer(PostSerializer):
    like_count = serializers.IntegerField(source="counted")


class NewestFirst(CursorPagination):
    page_size = 20
    ordering = ["-created_on", "-id"]


class Posts(viewsets.ModelViewSet):
    queryset = Post.objects.select_related("created_by")
    serializer_class = PostSerializer
    pagination_class = NewestFirst


class Grouped(Posts):
    queryset = Posts.queryset.annotate(counted=Count("likes"))
    serializer_class = GroupedSerializer


router = routers.DefaultRouter()
router.register("posts", Posts)
router.register("grouped", Grouped, "grouped")
urlpatterns = [path("", include(router.urls))]
application = get_wsgi_application()
