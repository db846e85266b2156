from django.urls import path

from ublog.interfaces.rest.moderation import views

urlpatterns = [
    path("queue/", views.QueueView.as_view()),
    path("waiting/", views.WaitingView.as_view()),
    path("posts/<int:pk>/", views.PostActionView.as_view()),
    path("users/<str:username>/", views.UserActionView.as_view()),
    path("applications/<int:pk>/", views.ApplicationActionView.as_view()),
    path("log/", views.LogView.as_view()),
    path("deletions/", views.CleanupsView.as_view()),
    path("blocks/", views.BlocksView.as_view()),
    path("blocks/<int:pk>/", views.BlockView.as_view()),
]
