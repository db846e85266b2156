from django.urls import path

from . import views

app_name = "classes"
urlpatterns = [
    path("posts/", views.PostList.as_view(), name="list"),
    path("posts/new/", views.PostCreate.as_view(), name="create"),
    path("posts/<int:pk>/", views.PostDetail.as_view(), name="detail"),
    path("posts/<int:pk>/edit/", views.PostUpdate.as_view(), name="update"),
    path("posts/<int:pk>/delete/", views.PostDelete.as_view(), name="delete"),
    path("posts/<int:pk>/like/", views.PostLike.as_view(), name="like"),
]
