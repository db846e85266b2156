from django.urls import path

from ublog.interfaces.pages.classes import likes, mutes, notifications, posts, reports

app_name = "posts"
urlpatterns = [
    path("posts/", posts.PostList.as_view(), name="list"),
    path("posts/<int:pk>/", posts.PostDetail.as_view(), name="detail"),
    path("posts/new/", posts.PostCreate.as_view(), name="create"),
    path("posts/<int:pk>/edit/", posts.PostUpdate.as_view(), name="edit"),
    path("posts/<int:pk>/delete/", posts.PostDelete.as_view(), name="delete"),
    path("posts/<int:pk>/like/", posts.PostLikeView.as_view(), name="like"),
    path("posts/<int:pk>/likes/", likes.PostLikes.as_view(), name="likes"),
    path("posts/<int:pk>/bookmark/", posts.PostBookmarkView.as_view(), name="bookmark"),
    path("posts/<int:pk>/mute/", mutes.PostMuteView.as_view(), name="mute"),
    path("posts/<int:pk>/report/", reports.PostReport.as_view(), name="report"),
    path("users/<str:username>/report/", reports.UserReport.as_view(), name="report-user"),
    path("users/<str:username>/mute/", mutes.UserMuteView.as_view(), name="mute-user"),
    path("notifications/", notifications.NotificationList.as_view(), name="notifications"),
    path("notifications/read/", notifications.NotificationRead.as_view(), name="read"),
]
