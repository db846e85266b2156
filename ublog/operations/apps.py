from django.apps import AppConfig


class OperationsConfig(AppConfig):
    """Runs a site: backups, doctor, health, management commands and the Celery application."""

    name = "ublog.operations"

    def ready(self) -> None:
        """Load the Celery application, so that tasks are sent to its broker. Beat and the
        supervisor do without Django, and so without it."""
        import ublog.celery  # noqa: F401
