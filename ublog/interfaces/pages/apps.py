from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "ublog.interfaces.pages"
    label = "interfaces_pages"

    def ready(self) -> None:
        from ublog.interfaces import signing_in  # noqa: F401  its receivers
