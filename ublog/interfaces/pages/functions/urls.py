from django.urls import path

from ublog.interfaces.pages.functions import notifications, posts

app_name = "posts"
urlpatterns = [
    path("posts/", posts.post_list, name="list"),
    path("posts/<int:pk>/", posts.post_detail, name="detail"),
    path("posts/new/", posts.post_create, name="create"),
    path("posts/<int:pk>/edit/", posts.post_update, name="edit"),
    path("posts/<int:pk>/delete/", posts.post_delete, name="delete"),
    path("posts/<int:pk>/like/", posts.post_like, name="like"),
    path("posts/<int:pk>/bookmark/", posts.post_bookmark, name="bookmark"),
    path("notifications/", notifications.notification_list, name="notifications"),
    path("notifications/read/", notifications.notification_read, name="read"),
]
