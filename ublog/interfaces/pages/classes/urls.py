from django.urls import path

from ublog.interfaces.pages.classes import mutes, posts

app_name = "posts"
urlpatterns = [
    path("", posts.PostList.as_view(), name="list"),
    path("<int:pk>/", posts.PostDetail.as_view(), name="detail"),
    path("new/", posts.PostCreate.as_view(), name="create"),
    path("<int:pk>/edit/", posts.PostUpdate.as_view(), name="edit"),
    path("<int:pk>/delete/", posts.PostDelete.as_view(), name="delete"),
    path("<int:pk>/like/", posts.PostLikeView.as_view(), name="like"),
    path("<int:pk>/bookmark/", posts.PostBookmarkView.as_view(), name="bookmark"),
    path("<int:pk>/mute/", mutes.PostMuteView.as_view(), name="mute"),
    path("users/<str:username>/mute/", mutes.UserMuteView.as_view(), name="mute-user"),
]
