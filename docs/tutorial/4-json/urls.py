from django.urls import path

from . import views

urlpatterns = [
    path("posts/", views.post_list),
    path("posts/new/", views.post_create),
    path("posts/<int:pk>/", views.post_detail),
    path("posts/<int:pk>/edit/", views.post_update),
    path("posts/<int:pk>/delete/", views.post_delete),
    path("posts/<int:pk>/like/", views.post_like),
]
