from django.urls import path

from ublog.interfaces.app import views

app_name = "app"
urlpatterns = [
    path("", views.shell, name="home"),
    path("robots.txt", views.robots_txt),
    path("favicon.ico", views.favicon),
    path("posts/<int:pk>", views.post_detail, name="post"),
    path("@<str:username>", views.user_detail, name="user"),
    path("tags/<str:tag>", views.shell, name="tag"),
    path("bookmarks", views.shell, name="bookmarks"),
    path("notifications", views.shell, name="notifications"),
    path("login", views.shell, name="login"),
    path("register", views.shell, name="register"),
    path("activate/<str:token>", views.shell),
    path("password-reset", views.shell),
    path("password-reset/<str:token>", views.shell),
    path("email-change/<str:token>", views.shell),
    path("settings", views.shell, name="settings"),
]
