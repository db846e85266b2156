"""Plain Django REST framework: a nested ModelSerializer, as its tutorial has it.

`/posts/` shows the stored like count; `/grouped/` joins the likes and counts them in the query.
"""

import os
from pathlib import Path

import django
from django.conf import settings

from ublog.conf.service_urls import database

settings.configure(
    SECRET_KEY=os.environ["UBLOG_SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    INSTALLED_APPS=[
        "django.contrib.contenttypes",
        "django.contrib.auth",
        "rest_framework",
        "bench.peers",
    ],
    # The same database settings as the product: persistent connections, SQLite's pragmas.
    DATABASES={"default": database(os.environ["DATABASE_URL"], Path(os.environ["UBLOG_DATA_DIR"]))},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import Count  # noqa: E402
from django.urls import include, path  # noqa: E402
from rest_framework import routers, serializers, viewsets  # noqa: E402
from rest_framework.pagination import CursorPagination  # noqa: E402


class Author(models.Model):
    username = models.CharField(max_length=30)
    display_name = models.CharField(max_length=50)

    class Meta:
        managed = False
        app_label = "peers"
        db_table = "accounts_customuser"


class Post(models.Model):
    body = models.CharField(max_length=280)
    image = models.ImageField()
    image_alt = models.CharField(max_length=1000)
    image_width = models.PositiveIntegerField()
    image_height = models.PositiveIntegerField()
    created_on = models.DateTimeField()
    modified_on = models.DateTimeField()
    created_by = models.ForeignKey(Author, models.CASCADE)
    like_count = models.PositiveIntegerField()

    class Meta:
        managed = False
        app_label = "peers"
        db_table = "blog_post"


class Like(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="likes")

    class Meta:
        managed = False
        app_label = "peers"
        db_table = "blog_postlike"


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
