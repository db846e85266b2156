from django.urls import path

from ublog.interfaces.pages.functions import mutes, posts

app_name = "posts"
urlpatterns = [
    path("", posts.post_list, name="list"),
    path("<int:pk>/", posts.post_detail, name="detail"),
    path("new/", posts.post_create, name="create"),
    path("<int:pk>/edit/", posts.post_update, name="edit"),
    path("<int:pk>/delete/", posts.post_delete, name="delete"),
    path("<int:pk>/like/", posts.post_like, name="like"),
    path("<int:pk>/bookmark/", posts.post_bookmark, name="bookmark"),
    path("<int:pk>/mute/", mutes.post_mute, name="mute"),
    path("users/<str:username>/mute/", mutes.user_mute, name="mute-user"),
]
