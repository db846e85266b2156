from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "ublog.interfaces.pages"
    label = "interfaces_pages"

    def ready(self) -> None:
        from ublog.interfaces.auth import login  # noqa: F401  its receivers
