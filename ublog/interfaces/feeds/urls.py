from django.urls import path, register_converter

from ublog.interfaces.feeds import views


class FormatConverter:
    """The name of a format, the last part of a feed's URL."""

    regex = "|".join(views.FORMATS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FormatConverter, "format")

app_name = "feeds"
urlpatterns = [
    path("", views.about, name="about"),
    path("<format:format>/", views.site_feed, name="site"),
    path("users/<str:username>/<format:format>/", views.author_feed, name="author"),
    path("tags/<str:tag>/<format:format>/", views.tag_feed, name="tag"),
]
