from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "ublog.blog"

    def ready(self) -> None:
        from ublog.blog import (  # noqa: F401  they register themselves
            checks,
            files,
            listeners,
            signals,
        )
