from django.urls import path

from ublog.interfaces.rest.functions import (
    conversations,
    likes,
    mutes,
    notifications,
    posts,
    reports,
)

urlpatterns = [
    path("posts/", posts.post_list),
    path("posts/new/", posts.post_create),
    path("posts/<int:pk>/", posts.post_detail),
    path("posts/<int:pk>/ancestors/", conversations.post_ancestors),
    path("posts/<int:pk>/replies/", conversations.post_replies),
    path("posts/<int:pk>/update/", posts.post_update),
    path("posts/<int:pk>/delete/", posts.post_delete),
    path("posts/<int:pk>/like/", posts.post_like),
    path("posts/<int:pk>/likes/", likes.post_likes),
    path("posts/<int:pk>/bookmark/", posts.post_bookmark),
    path("posts/<int:pk>/mute/", mutes.post_mute),
    path("posts/<int:pk>/report/", reports.post_report),
    path("users/<str:username>/report/", reports.user_report),
    path("users/<str:username>/mute/", mutes.user_mute),
    path("notifications/", notifications.notification_list),
    path("notifications/unread/", notifications.notification_unread),
    path("notifications/read/", notifications.notification_read),
]
