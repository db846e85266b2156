"""What a next release might migrate: a column, and an index on it.

As a plugin of pytest it has the tests of this release run on that schema:
`python -m pytest -p tests.faults.next_schema tests/contract`.
"""

from collections.abc import Iterator

import pytest
from django.db import models
from django.db.migrations import AddField, Migration, RunPython


def migrations() -> Iterator[Migration]:
    from ublog.blog import triggers
    from ublog.core.db.migration_operations import AddIndexOnline

    column = Migration("0098_pinned_on", "blog")
    column.operations = [
        RunPython(triggers.drop, triggers.create),
        AddField("post", "pinned_on", models.DateTimeField(null=True)),
        RunPython(triggers.create, triggers.drop),
    ]
    index = Migration("0099_by_pinned_on", "blog")
    index.operations = [
        AddIndexOnline("post", models.Index(fields=["pinned_on"], name="post_by_pinned_on"))
    ]
    index.atomic = False
    yield from (column, index)


def migrate() -> None:
    """Apply them, as `manage.py migrate` would."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    state = MigrationLoader(None).project_state()
    for migration in migrations():
        with connection.schema_editor(atomic=migration.atomic) as editor:
            state = migration.apply(state, editor)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        migrate()
