from django.apps import AppConfig


class BlogConfig(AppConfig):
    name = "ublog.blog"

    def ready(self) -> None:
        from ublog.blog import (  # noqa: F401  they register themselves
            archive_tasks,
            checks,
            cleanups,
            files,
            listeners,
            networks,
            notification_mails,
            profile_pictures,
            queue,
            signals,
            upload_actions,
        )
