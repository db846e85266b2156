from django.urls import path

from ublog.interfaces.pages.functions import posts

app_name = "posts"
urlpatterns = [
    path("", posts.index, name="list"),
    path("new/", posts.create, name="create"),
    path("<int:pk>/", posts.detail, name="detail"),
    path("<int:pk>/edit/", posts.edit, name="edit"),
    path("<int:pk>/delete/", posts.delete, name="delete"),
    path("<int:pk>/like/", posts.like, name="like"),
]
