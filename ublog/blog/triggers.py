"""The triggers that keep `Post.like_count`: see docs/adr/0002-like-count-by-trigger.md.

Both functions are for RunPython, in each migration that alters these tables.
"""

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SQLITE = """
CREATE TRIGGER IF NOT EXISTS postlike_counts_up AFTER INSERT ON blog_postlike BEGIN
    UPDATE blog_post SET like_count = like_count + 1 WHERE id = NEW.post_id;
END;
CREATE TRIGGER IF NOT EXISTS postlike_counts_down AFTER DELETE ON blog_postlike BEGIN
    UPDATE blog_post SET like_count = like_count - 1 WHERE id = OLD.post_id;
END;
"""

# For each statement, not for each row: a million likes added or deleted together are one update
# of each post.
POSTGRESQL = """
CREATE OR REPLACE FUNCTION count_likes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    UPDATE blog_post SET like_count = like_count + step * changed.n
    FROM (SELECT post_id, count(*) AS n FROM changed_likes GROUP BY post_id) AS changed
    WHERE blog_post.id = changed.post_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER postlike_counts_up AFTER INSERT ON blog_postlike
    REFERENCING NEW TABLE AS changed_likes FOR EACH STATEMENT EXECUTE FUNCTION count_likes();
CREATE OR REPLACE TRIGGER postlike_counts_down AFTER DELETE ON blog_postlike
    REFERENCING OLD TABLE AS changed_likes FOR EACH STATEMENT EXECUTE FUNCTION count_likes();
"""


def create(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers: the last operation of such a migration."""
    connection = schema_editor.connection
    if connection.vendor == "sqlite":
        for statement in SQLITE.split("END;\n")[:-1]:
            schema_editor.execute(statement + "END;")
    else:
        schema_editor.execute(POSTGRESQL)


def drop(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers on SQLite: the first operation of such a migration.

    SQLite rebuilds `blog_post` under another name, which is an error while a trigger names it.
    """
    if schema_editor.connection.vendor == "sqlite":
        for name in ("postlike_counts_up", "postlike_counts_down"):
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")
