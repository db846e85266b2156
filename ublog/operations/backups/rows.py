"""All rows of a site, and how to copy them from one kind of database to another.

Django's fields convert each value for either database, so microseconds, ids, JSON and the rest stay
the same. Triggers and `pre_save`, which would change a row, are not run.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from graphlib import TopologicalSorter
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from ublog.core.db.bulk_insert import insert, quoted
from ublog.operations.backups.directory import BackupError

ALIAS = "backup"
BATCH = 5_000  # rows
MARGIN = 10_000_000  # ids a day
# Ids of BigAutoField are read by JavaScript, whose integers have 53 bits.
LARGEST_ID = {"AutoField": 2**31 - 1, "BigAutoField": 2**53 - 1}

Model = type[models.Model]


@contextmanager
def opened(path: Path) -> Iterator[BaseDatabaseWrapper]:
    """Yield a connection to the SQLite file, as another of Django's databases."""
    settings = {
        **connections.settings["default"],
        "NAME": str(path),
        "CONN_HEALTH_CHECKS": False,
        # No other process uses the file, and an incomplete one is deleted.
        "OPTIONS": {"init_command": "PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF"},
    }
    connection = connections[ALIAS] = DatabaseWrapper(settings, ALIAS)
    try:
        yield connection
    finally:
        connection.close()
        del connections[ALIAS]


def applied(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Return the migrations that are applied to this database: (app, name) of each, sorted."""
    return sorted(MigrationLoader(connection).applied_migrations)


def tables(connection: BaseDatabaseWrapper) -> list[Model]:
    """Return a model of each table in the database, those that others refer to first.

    Those that refer to each other are the last, in any order.
    The database may be older than the code, so the models are those of its migrations.
    """
    loader = MigrationLoader(connection)
    known = [key for key in applied(connection) if key in loader.graph.nodes]
    state = loader.project_state(known) if known else None
    found = state.apps.get_models(include_auto_created=True) if state else []
    stored = [model for model in found if model._meta.managed and not model._meta.proxy]
    graph = {model: referred(model) - mutual(model) for model in stored}
    return sorted(TopologicalSorter(graph).static_order(), key=lambda model: bool(mutual(model)))


def referred(model: Model) -> set[Model]:
    """Return the models that its rows refer to."""
    related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return {other for other in related if isinstance(other, type)} - {model}


def mutual(model: Model) -> set[Model]:
    """Return the models that its rows refer to, and whose rows refer to its own."""
    return {other for other in referred(model) if model in referred(other)}


def counts(connection: BaseDatabaseWrapper, found: Iterable[Model]) -> dict[str, int]:
    """Return the number of rows in each table."""
    return {
        model._meta.db_table: model._base_manager.using(connection.alias).count() for model in found
    }


def pictures(found: Iterable[Model]) -> dict[str, list[str]]:
    """Return the columns of each table that name stored files."""
    found_columns = {
        model._meta.db_table: [
            str(field.column)
            for field in model._meta.concrete_fields
            if isinstance(field, models.FileField)
        ]
        for model in found
    }
    return {table: columns for table, columns in found_columns.items() if columns}


def names(connection: BaseDatabaseWrapper, columns: dict[str, list[str]]) -> set[str]:
    """Return the stored files that the rows name."""
    quote = connection.ops.quote_name
    named: set[str] = set()
    with connection.cursor() as cursor:
        for table in columns:
            for column in map(quote, columns[table]):
                cursor.execute(
                    f"SELECT {column} FROM {quote(table)} WHERE {column} <> ''"  # noqa: S608  # nosec B608
                )
                named.update(name for (name,) in cursor)
    return named


def into_new_file(source: BaseDatabaseWrapper, path: Path) -> None:
    """Copy all rows of the database to a new SQLite file with the same tables."""
    create_tables(path, leaves(MigrationLoader(source)))
    with opened(path) as target:
        copy_all(source, target)


def create_tables(path: Path, migrations: list[tuple[str, str]]) -> None:
    """Create a SQLite file with the tables after these migrations."""
    with opened(path) as target:
        MigrationExecutor(target).migrate(migrations)


def leaves(loader: MigrationLoader) -> list[tuple[str, str]]:
    """Return the last applied migration of each app."""
    done = [key for key in loader.applied_migrations if key in loader.graph.nodes]
    followed = {
        parent.key
        for key in done
        for parent in loader.graph.node_map[key].parents
        if parent.key[0] == key[0]
    }
    return sorted(key for key in done if key not in followed)


def copy_all(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    """Replace all rows of the target by those of the source, which has the same tables.

    In one transaction. Raise BackupError when the numbers of rows differ.
    """
    found = tables(source)
    with transaction.atomic(using=target.alias), triggers_off(target, found):
        with target.cursor() as cursor:
            for model in reversed(found):  # those that refer to others first
                cursor.execute(f"DELETE FROM {quoted(target, model)}")  # noqa: S608  # nosec B608
        set_constraints(target, "IMMEDIATE")  # else a check of each row is queued until the end
        for model in found:
            if mutual(model):  # the last ones
                set_constraints(target, "DEFERRED")
            copy(model, source, target)
        set_constraints(target, "IMMEDIATE")
        if (there := counts(target, found)) != (here := counts(source, found)):
            lost = [table for table in here if here[table] != there[table]]
            raise BackupError(f"Not every row of {', '.join(lost)} could be copied")
        with target.cursor() as cursor:
            for statement in target.ops.sequence_reset_sql(no_style(), found):
                cursor.execute(statement)


def set_constraints(target: BaseDatabaseWrapper, when: str) -> None:
    """Have PostgreSQL check foreign keys with each statement, or at the end. SQLite checks none."""
    if target.vendor == "postgresql":
        with target.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL {when}")


def margin(age: timedelta) -> int:
    """Return how far beyond the backup's ids those of a restored site start.

    After the backup the site created more ids, nobody knows how many, and a link or a token of that
    time must not lead to another object. MARGIN a day is more rows than one database can store (100
    a second, day and night, are 9 million), for the days since the backup and one more.
    """
    return MARGIN * (max(0, age.days) + 1)


def advance_ids(target: BaseDatabaseWrapper, margin: int) -> None:
    """Have each table continue by the margin beyond its largest id, deleted rows included."""
    for model in tables(target):
        key = model._meta.pk
        if isinstance(key, models.AutoField):
            largest = LARGEST_ID[key.get_internal_type()]
            advance = advance_sqlite if target.vendor == "sqlite" else advance_postgresql
            advance(target, model, margin, largest)


def advance_sqlite(target: BaseDatabaseWrapper, model: Model, margin: int, largest: int) -> None:
    """Advance AUTOINCREMENT: https://sqlite.org/autoinc.html."""
    table = model._meta.db_table
    with target.cursor() as cursor:
        cursor.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = %s", [table])
        last = max(cursor.fetchone()[0] or 0, largest_id(target, model))
        cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
        moved = advanced(last, margin, largest)
        cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, moved])


def advance_postgresql(
    target: BaseDatabaseWrapper, model: Model, margin: int, largest: int
) -> None:
    with target.cursor() as cursor:
        place = [quoted(target, model), str(model._meta.pk.column)]
        cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", place)
        moved = advanced(largest_id(target, model), margin, largest)
        cursor.execute("SELECT setval(%s::regclass, %s)", [cursor.fetchone()[0], moved])


def largest_id(target: BaseDatabaseWrapper, model: Model) -> int:
    found = model._base_manager.using(target.alias).aggregate(largest=models.Max("pk"))
    return int(found["largest"] or 0)


def advanced(last: int, margin: int, largest: int) -> int:
    """Return the last id plus the margin, which is at most a thousandth of the ids that are left.

    Some of Django's own tables have ids of 32 bits.
    """
    return last + min(margin, max(0, largest - last) // 1_000)


def copy(model: Model, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    fields = model._meta.concrete_fields
    columns = [field.attname for field in fields]
    stored = [str(field.column) for field in fields]
    rows = model._base_manager.using(source.alias).order_by().values_list(*columns)
    stream = rows.iterator(chunk_size=BATCH)
    while batch := list(islice(stream, BATCH)):
        insert(target, model, stored, [prepared(fields, row, target) for row in batch])


def prepared(fields: Any, row: Any, target: BaseDatabaseWrapper) -> list[Any]:
    """Return the row as the driver of that database takes it."""
    return [field.get_db_prep_save(value, target) for field, value in zip(fields, row, strict=True)]


@contextmanager
def triggers_off(target: BaseDatabaseWrapper, found: list[Model]) -> Iterator[None]:
    """Switch triggers off within the block: the counts that they keep are copied with the rows."""
    with target.cursor() as cursor:
        if target.vendor == "postgresql":
            for model in found:
                cursor.execute(f"ALTER TABLE {quoted(target, model)} DISABLE TRIGGER USER")
            yield
            for model in found:
                cursor.execute(f"ALTER TABLE {quoted(target, model)} ENABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _ in triggers:
                cursor.execute(f"DROP TRIGGER {target.ops.quote_name(name)}")
            yield
            for _, statement in triggers:
                cursor.execute(statement)
