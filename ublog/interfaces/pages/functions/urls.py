from django.urls import path

from ublog.interfaces.pages.functions import likes, mutes, notifications, posts, reports

app_name = "posts"
urlpatterns = [
    path("posts/", posts.post_list, name="list"),
    path("posts/<int:pk>/", posts.post_detail, name="detail"),
    path("posts/new/", posts.post_create, name="create"),
    path("posts/<int:pk>/edit/", posts.post_update, name="edit"),
    path("posts/<int:pk>/delete/", posts.post_delete, name="delete"),
    path("posts/<int:pk>/like/", posts.post_like, name="like"),
    path("posts/<int:pk>/likes/", likes.post_likes, name="likes"),
    path("posts/<int:pk>/bookmark/", posts.post_bookmark, name="bookmark"),
    path("posts/<int:pk>/mute/", mutes.post_mute, name="mute"),
    path("posts/<int:pk>/report/", reports.post_report, name="report"),
    path("users/<str:username>/report/", reports.user_report, name="report-user"),
    path("users/<str:username>/mute/", mutes.user_mute, name="mute-user"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/read/", notifications.notification_read, name="read"),
]
