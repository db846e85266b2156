from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models


class PostQuerySet(models.QuerySet):
    def timeline(self):
        """Return all posts, newest first, each with its author and its number of likes."""
        likes = models.Count("likes")
        return self.select_related("author").annotate(like_count=likes).order_by("-pk")


class Post(models.Model):
    body = models.CharField(max_length=280)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="posts")
    likes = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="liked", blank=True)

    objects = PostQuerySet.as_manager()

    def __str__(self):
        return self.body

    def check_author(self, user):
        """Raise PermissionDenied if somebody else wrote the post."""
        if self.author != user:
            raise PermissionDenied("Only the author may change a post.")


class Link(models.Model):
    title = models.CharField(max_length=100)
    url = models.URLField()

    def __str__(self):
        return self.title
