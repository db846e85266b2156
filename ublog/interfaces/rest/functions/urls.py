from django.urls import path

from ublog.interfaces.rest.functions import conversations, mutes, posts

urlpatterns = [
    path("", posts.post_list),
    path("new/", posts.post_create),
    path("<int:pk>/", posts.post_detail),
    path("<int:pk>/ancestors/", conversations.post_ancestors),
    path("<int:pk>/replies/", conversations.post_replies),
    path("<int:pk>/update/", posts.post_update),
    path("<int:pk>/delete/", posts.post_delete),
    path("<int:pk>/like/", posts.post_like),
    path("<int:pk>/bookmark/", posts.post_bookmark),
    path("<int:pk>/mute/", mutes.post_mute),
]
