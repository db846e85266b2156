"""What a migration must not do while the previous release still serves: see CONTRIBUTING.md."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.operations import NotInTransactionMixin
from django.db import NotSupportedError, connection, models
from django.db.migrations import Migration, operations
from django.db.migrations.state import ProjectState

from ublog.blog import triggers

GONE = {
    operations.RemoveField: "the previous release reads the column: remove it a release later",
    operations.RenameField: "the previous release knows the old name: add a new column",
    operations.DeleteModel: "the previous release reads the table: delete it a release later",
    operations.RenameModel: "the previous release knows the old table: add a new one",
    operations.AlterModelTable: "the previous release knows the old table",
}
LOCKS = "locks writers out on PostgreSQL: use ublog.core.db.migration_operations.AddIndexOnline"
REJECTS = "the previous release may write what it rejects: enforce it a release later"
OURS = (triggers.create, triggers.drop)
UNKNOWN = "nobody can tell by looking what it does to the previous release: give the reason"


def hazards(migration: Migration, state: ProjectState) -> list[str]:
    """Return each hazard as "app.NAME Operation target: why".

    `state` is the one before the migration. It is changed to the one after it.
    """
    new = {
        operation.name_lower
        for operation in migration.operations
        if isinstance(operation, operations.CreateModel)
    }
    found = []
    for operation in migration.operations:
        before = state.clone()
        operation.state_forwards(migration.app_label, state)
        place = f"{migration.app_label}.{migration.name} {type(operation).__name__}"
        if getattr(operation, "model_name_lower", None) not in new:
            reasons = why(operation, migration, before, state)
            found += [f"{place} {target(operation)}: {reason}" for reason in reasons]
    return found


def target(operation: Any) -> str:
    parts = (getattr(operation, "model_name", ""), getattr(operation, "name", ""))
    return ".".join(part for part in parts if part)


def why(operation: Any, migration: Migration, before: Any, after: Any) -> Iterator[str]:
    """Return why the operation is a hazard; an empty string if it is not."""
    if reason := GONE.get(type(operation)):
        yield reason
    elif isinstance(operation, operations.AddField):
        if rejects_old_rows(operation.field):
            yield "the previous release inserts rows without it: give it null=True or a db_default"
    elif isinstance(operation, operations.AlterField):
        yield from altered(operation, migration.app_label, before, after)
    elif isinstance(operation, operations.AddIndex):
        if not isinstance(operation, NotInTransactionMixin):
            yield LOCKS
        elif migration.atomic:
            yield "needs `atomic = False`"
    elif isinstance(operation, operations.AddConstraint):
        yield REJECTS
    elif isinstance(operation, operations.RunSQL | operations.SeparateDatabaseAndState) or (
        isinstance(operation, operations.RunPython) and operation.code not in OURS
    ):
        yield UNKNOWN


def rejects_old_rows(field: models.Field) -> bool:
    return not (field.null or field.many_to_many or field.has_db_default())


def altered(operation: Any, app: str, before: Any, after: Any) -> Iterator[str]:
    key = app, operation.model_name_lower
    old, new = (state.models[key].fields[operation.name] for state in (before, after))
    if old.null and not new.null:
        yield "the previous release may still write NULL"
    if new.unique and not old.unique:
        yield REJECTS
    if column(old) != column(new):
        yield f"rewrites the table: {column(old)} becomes {column(new)}"


def column(field: models.Field) -> Any:
    if field.is_relation:
        return str(field.remote_field.model).lower()
    try:
        return field.db_type(connection), field.max_length
    except NotSupportedError:  # pragma: no cover
        return type(field)
