from django.urls import path

from . import views

app_name = "functions"
urlpatterns = [
    path("posts/", views.post_list, name="list"),
    path("posts/new/", views.post_create, name="create"),
    path("posts/<int:pk>/", views.post_detail, name="detail"),
    path("posts/<int:pk>/edit/", views.post_update, name="update"),
    path("posts/<int:pk>/delete/", views.post_delete, name="delete"),
    path("posts/<int:pk>/like/", views.post_like, name="like"),
]
