"""All steps at once, each below its number."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

urlpatterns = [
    path("", RedirectView.as_view(url="1/posts/")),
    path("admin/", admin.site.urls),
    path("1/", include("1-one-function.urls")),
    path("2/", include("2-six-functions.urls")),
    path("3/", include("3-classes.urls")),
    path("3/links/", include("3-classes.links_urls")),
    path("4/", include("4-json.urls")),
    path("5/", include("5-view-set.urls")),
    path("6/", include("6-graphql.urls")),
]
