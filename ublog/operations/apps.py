from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """The app that runs a site: backups, doctor, health, commands, the Celery application."""

    name = "ublog.operations"

    def ready(self) -> None:
        """Load the Celery application, so that tasks are sent to its broker."""
        import ublog.celery  # noqa: F401
