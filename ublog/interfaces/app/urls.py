from django.urls import path

from ublog.interfaces.app import installing, views

app_name = "app"
SETTINGS = (
    *("profile", "appearance", "notifications", "account", "data", "developers"),
    *("site", "invitations"),  # of the administrator
)
# The pages of the app, which all have the same shell.
pages = [
    path("", views.home, name="home"),
    path("posts/<int:pk>", views.post_detail, name="post"),
    path("posts/<int:pk>/likes", views.post_likes),
    path("members", views.shell),
    path("search", views.shell),
    path("@<str:username>", views.user_detail, name="user"),
    path("tags/<str:tag>", views.tag_detail, name="tag"),
    path("bookmarks", views.shell, name="bookmarks"),
    path("notifications", views.shell, name="notifications"),
    path("login", views.shell, name="login"),
    path("register", views.shell, name="register"),
    path("activate/<str:token>", views.shell, name="activate"),
    path("password-reset", views.shell),
    path("password-reset/<str:token>", views.shell),
    path("email-change/<str:token>", views.shell),
    path("app/moderation", views.shell),
    path("settings", views.shell, name="settings"),
    *(path(f"settings/{section}", views.shell) for section in SETTINGS),
]
urlpatterns = [
    *pages,
    path("robots.txt", views.robots_txt),
    path("favicon.ico", views.favicon),
    path("worker.js", installing.worker, {"pages": pages}, name="worker"),
    path("manifest.webmanifest", installing.manifest, name="manifest"),
    path("icon.svg", installing.icon, name="icon"),
    path("icon-maskable.svg", installing.icon, {"maskable": True}, name="icon-maskable"),
    path(".well-known/change-password", views.change_password),
]
