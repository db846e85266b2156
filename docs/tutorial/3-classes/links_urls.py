from django.urls import include, path

from . import links_as_classes, links_as_functions

functions = [
    path("", links_as_functions.link_list, name="list"),
    path("new/", links_as_functions.link_create, name="create"),
    path("<int:pk>/", links_as_functions.link_detail, name="detail"),
    path("<int:pk>/edit/", links_as_functions.link_update, name="update"),
    path("<int:pk>/delete/", links_as_functions.link_delete, name="delete"),
]
classes = [
    path("", links_as_classes.LinkList.as_view(), name="list"),
    path("new/", links_as_classes.LinkCreate.as_view(), name="create"),
    path("<int:pk>/", links_as_classes.LinkDetail.as_view(), name="detail"),
    path("<int:pk>/edit/", links_as_classes.LinkUpdate.as_view(), name="update"),
    path("<int:pk>/delete/", links_as_classes.LinkDelete.as_view(), name="delete"),
]
urlpatterns = [
    path("functions/", include((functions, "links-by-functions"))),
    path("classes/", include((classes, "links-by-classes"))),
]
