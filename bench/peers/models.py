"""The tables of the product, as models of the Django peers."""

from django.db import models


class Author(models.Model):
    username = models.CharField(max_length=30)
    display_name = models.CharField(max_length=50)

    class Meta:
        managed = False
        db_table = "accounts_customuser"


class Post(models.Model):
    body = models.CharField(max_length=280)
    image = models.ImageField()
    image_alt = models.CharField(max_length=1000)
    image_width = models.PositiveIntegerField(null=True)
    image_height = models.PositiveIntegerField(null=True)
    created_on = models.DateTimeField()
    modified_on = models.DateTimeField()
    created_by = models.ForeignKey(Author, models.CASCADE, null=True)
    like_count = models.PositiveIntegerField()

    class Meta:
        managed = False
        db_table = "blog_post"


class Like(models.Model):
    post = models.ForeignKey(Post, models.CASCADE, related_name="likes")

    class Meta:
        managed = False
        db_table = "blog_postlike"
