from django.urls import path

from ublog.interfaces.app import views

app_name = "app"
urlpatterns = [
    path("", views.page, name="home"),
    path("robots.txt", views.robots),
    path("favicon.ico", views.icon),
    path("posts/<int:pk>", views.post, name="post"),
    path("@<str:username>", views.person, name="person"),
    path("login", views.page, name="login"),
    path("register", views.page, name="register"),
    path("activate/<str:token>", views.page),
    path("password-reset", views.page),
    path("password-reset/<str:token>", views.page),
    path("email-change/<str:token>", views.page),
    path("settings", views.page, name="settings"),
]
