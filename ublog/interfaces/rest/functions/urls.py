from django.urls import path

from ublog.interfaces.rest.functions import posts

urlpatterns = [
    path("", posts.index),
    path("new/", posts.create),
    path("<int:pk>/", posts.detail),
    path("<int:pk>/update/", posts.update),
    path("<int:pk>/delete/", posts.delete),
    path("<int:pk>/like/", posts.like),
]
