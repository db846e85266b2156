#!/usr/bin/env bash
# Question: likes have been rows of a model of their own for long, counted by a trigger on them and
#   one on posts. Now `Post` gets `likes = ManyToManyField(User, through=PostLike)`. No column and no
#   table is new. What does the migration do to the database?
# Common guess: nothing, as Django's documents say that a field of many to many has no column; at
#   most it is a change of Django's state.
# Behaviour: on SQLite, `migrate` makes the table of posts again: it copies all rows into a new table
#   and drops the old one with its triggers. The model and the data are right afterwards, no warning
#   is printed, and the trigger is gone, so that what it kept is wrong from then on. With an
#   automatic `through` the table of posts is left alone. (On PostgreSQL, after Django's source, it is
#   left alone in both.)
# Versions: Django 5.2.19 with Python's sqlite3. `add_field` of Django's SQLite schema editor asks
#   whether `through` was made automatically, and whether the field may be null, which one of many to
#   many never is.
# Source: https://docs.djangoproject.com/en/5.2/ref/models/fields/#manytomanyfield
# Why a microblog cares: counts of likes are kept by triggers, and begin to drift silently at the
#   release that only made queries nicer. Declare the relation in the first migration, or make the
#   triggers again at the end of that one (or wrap it in SeparateDatabaseAndState).
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check Django==5.2.19
cd "$place"
"$place/venv/bin/python" - <<'PYTHON'
import sqlite3

import django
from django.conf import settings
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

settings.configure(
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "posts.sqlite3"}},
)
django.setup()
user = ("id", models.BigAutoField(primary_key=True))
post = ("post", models.ForeignKey("blog.post", models.CASCADE))
by = ("by", models.ForeignKey("blog.user", models.CASCADE))


def run(*operations):
    """Migrate, and return the statements."""
    global state
    statements = []
    with connection.execute_wrapper(lambda run, sql, *rest: statements.append(sql) or run(sql, *rest)):
        for operation in operations:
            after = state.clone()
            operation.state_forwards("blog", after)
            with connection.schema_editor() as editor:
                operation.database_forwards("blog", editor, state, after)
            state = after
    return statements


def triggers():
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        return [name for (name,) in cursor.fetchall()]


def likes(**options):
    field = models.ManyToManyField("blog.user", related_name="+", **options)
    return migrations.AddField("post", "likes" if options else "readers", field)


state = ProjectState()
run(
    migrations.CreateModel("user", [user]),
    migrations.CreateModel("post", [user, ("body", models.TextField())]),
    migrations.CreateModel("like", [user, post, by]),
)
with connection.cursor() as cursor:
    cursor.execute(
        "CREATE TRIGGER counts AFTER DELETE ON blog_post BEGIN SELECT 1; END"
    )
run(likes())
kept = triggers()
statements = run(likes(through="blog.like"))
print("Django", django.__version__, "SQLite", sqlite3.sqlite_version)
print("triggers after a field with an automatic table:", kept)
print("triggers after a field through a model:", triggers())
print("statements:", *(sql[:60] for sql in statements if "TABLE" in sql), sep="\n  ")
assert kept == ["counts"], "an automatic table remakes the table, too"
assert triggers() == [], "the trigger stays now"
assert any('CREATE TABLE "new__blog_post"' in sql for sql in statements)
PYTHON
