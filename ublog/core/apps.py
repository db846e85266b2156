import django_stubs_ext
from django.apps import AppConfig
from django.conf import settings

django_stubs_ext.monkeypatch()  # lets `ListView[Post]` be written


class CoreConfig(AppConfig):
    name = "ublog.core"

    def ready(self) -> None:
        load_redis()


def load_redis() -> None:
    """Load the library and make the store of limits, which does not connect yet.

    Two threads that load it for their first requests find half a module: `limits` looks it up by
    name and does not wait. Later it is in no request's time, either.
    """
    if settings.REDIS_URL:
        from ublog.core.limits import shared_counts

        shared_counts()
