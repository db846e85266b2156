import django_stubs_ext
from django.apps import AppConfig
from django.conf import settings

django_stubs_ext.monkeypatch()  # lets `ListView[Post]` be written


class CoreConfig(AppConfig):
    name = "ublog.core"

    def ready(self) -> None:
        """Create the shared limiter, which loads the library of Redis and does not connect yet.

        Two threads that load it in their first requests would find half a module: `limits` looks it
        up by name and does not wait. Nor is it then loaded within a request.
        """
        if settings.REDIS_URL:
            from ublog.core.limits import shared_counts

            shared_counts()
