from django.urls import path

from ublog.interfaces.pages.moderation import views

app_name = "moderation"
urlpatterns = [
    path("", views.queue_page, name="queue"),
    path("posts/<int:pk>/", views.post_action, name="post"),
    path("users/<str:username>/", views.user_action, name="user"),
    path("applications/<int:pk>/", views.application_action, name="application"),
    path("log/", views.log, name="log"),
    path("blocks/", views.blocks, name="blocks"),
    path("blocks/<int:pk>/allow/", views.allow, name="allow"),
]
