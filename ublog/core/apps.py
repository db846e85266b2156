import django_stubs_ext
from django.apps import AppConfig

django_stubs_ext.monkeypatch()  # lets `ListView[Post]` be written


class CoreConfig(AppConfig):
    name = "ublog.core"

    def ready(self) -> None:
        """Tasks that are sent find the Celery application; beat and the supervisor, which do
        without Django, do not load it."""
        import ublog.celery  # noqa: F401
