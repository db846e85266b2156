"""System checks: the triggers on posts, and users who are near a quota."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import Critical, Tags, Warning, register
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from ublog.blog.models import Post
from ublog.blog.triggers import TRIGGERS
from ublog.blog.uploads import Upload

NEAR = 0.9  # of the quota
MOST = 5  # users
MB = 1_000_000
QUERIES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}


@register(Tags.database)
def counts_are_kept(*, databases: Sequence[str] | None = None, **_: Any) -> list[Critical]:
    """Return an error for each database that lacks a trigger.

    SQLite rebuilds a table that a migration alters, and drops its triggers silently.
    """
    return [
        Critical(
            f"The database {alias!r} lacks the triggers {', '.join(sorted(missing))}: "
            "counts would be wrong, and posts with tags could not be deleted.",
            hint="Call `triggers.create` at the end of the migration that altered the table.",
            id="blog.E001",
        )
        for alias in databases or []
        if (missing := missing_triggers(alias))
    ]


def missing_triggers(alias: str) -> set[str]:
    """Return the triggers that a migrated database lacks; before its migration, none."""
    connection = connections[alias]
    migrations = MigrationExecutor(connection)
    if migrations.migration_plan(migrations.loader.graph.leaf_nodes("blog")):
        return set()
    with connection.cursor() as cursor:
        cursor.execute(QUERIES[connection.vendor])
        return set(TRIGGERS) - {name for (name,) in cursor.fetchall()}


# For the doctor: no other command includes deployment checks and names a database.
@register("quotas", deploy=True)
def images_are_within_quotas(*, databases: Sequence[str] | None = None, **_: Any) -> list[Warning]:
    """Return a warning for each user whose images take NEAR of what they may, at most MOST."""
    if not databases:
        return []
    quota = settings.IMAGE_QUOTA_BYTES
    sizes = Post.objects.filter(created_by__isnull=False, image_bytes__isnull=False)
    uploads = Upload.objects.filter(user=OuterRef("created_by")).order_by().values("user")
    uploaded = Coalesce(Subquery(uploads.annotate(n=Sum("image_bytes")).values("n")), 0)
    by_user = (
        sizes.order_by()
        .values("created_by", "created_by__username")
        .annotate(total=Sum("image_bytes") + Max("created_by__avatar_bytes") + uploaded)
    )
    near = by_user.filter(total__gte=NEAR * quota).order_by("-total")[:MOST]
    return [
        Warning(
            f"{user['created_by__username']} stores {user['total'] / MB:,.0f} MB of pictures, "
            f"of at most {quota / MB:,.0f}",
            hint="Raise UBLOG_IMAGE_QUOTA_BYTES, or have some deleted.",
            id="blog.W001",
        )
        for user in near
    ]
