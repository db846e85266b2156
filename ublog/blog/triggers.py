"""The triggers that keep the counts of a post (docs/adr/0002-like-count-by-trigger.md), and delete
what refers to it with it.

Both functions are for RunPython, in each migration that alters these tables.
"""

from typing import Any

import django.apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# Of each trigger its table.
LIKES = {"postlike_counts_up": "blog_postlike", "postlike_counts_down": "blog_postlike"}
REPLIES = {
    "reply_counts_up": "blog_post",
    "reply_counts_down": "blog_post",
    "reply_counts_state": "blog_post",
}
REFERENCES = {"post_deletes_references": "blog_post"}
TRIGGERS = LIKES | REPLIES | REFERENCES

LIKES_SQLITE = """
CREATE TRIGGER IF NOT EXISTS postlike_counts_up AFTER INSERT ON blog_postlike BEGIN
    UPDATE blog_post SET like_count = like_count + 1 WHERE id = NEW.post_id;
END;
CREATE TRIGGER IF NOT EXISTS postlike_counts_down AFTER DELETE ON blog_postlike BEGIN
    UPDATE blog_post SET like_count = like_count - 1 WHERE id = OLD.post_id;
END;
"""

# For each statement, not for each row: a million likes added or deleted together are one update
# of each post.
LIKES_POSTGRESQL = """
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

# Published replies are counted: those whose state is NULL.
REPLIES_SQLITE = """
CREATE TRIGGER IF NOT EXISTS reply_counts_up AFTER INSERT ON blog_post
WHEN NEW.in_reply_to_id IS NOT NULL BEGIN
    UPDATE blog_post SET reply_count = reply_count + (NEW.state IS NULL)
    WHERE id = NEW.in_reply_to_id;
END;
CREATE TRIGGER IF NOT EXISTS reply_counts_down AFTER DELETE ON blog_post
WHEN OLD.in_reply_to_id IS NOT NULL BEGIN
    UPDATE blog_post SET reply_count = reply_count - (OLD.state IS NULL)
    WHERE id = OLD.in_reply_to_id;
END;
CREATE TRIGGER IF NOT EXISTS reply_counts_state AFTER UPDATE OF state ON blog_post
WHEN NEW.in_reply_to_id IS NOT NULL BEGIN
    UPDATE blog_post SET reply_count = reply_count + (NEW.state IS NULL) - (OLD.state IS NULL)
    WHERE id = NEW.in_reply_to_id;
END;
"""

# Also a reply that is not counted updates its post, and so locks it when it is deleted: of two
# transactions that delete the last two replies, the second one sees that none is left. PostgreSQL
# has no transition table for an UPDATE of one column.
REPLIES_POSTGRESQL = """
CREATE OR REPLACE FUNCTION count_replies() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step integer := CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END;
BEGIN
    UPDATE blog_post SET reply_count = reply_count + step * changed.n
    FROM (
        SELECT in_reply_to_id, count(*) FILTER (WHERE state IS NULL) AS n
        FROM changed_posts WHERE in_reply_to_id IS NOT NULL GROUP BY in_reply_to_id
    ) AS changed
    WHERE blog_post.id = changed.in_reply_to_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION count_reply_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE blog_post SET reply_count = reply_count + CASE WHEN NEW.state IS NULL THEN 1 ELSE -1 END
    WHERE id = NEW.in_reply_to_id;
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER reply_counts_up AFTER INSERT ON blog_post
    REFERENCING NEW TABLE AS changed_posts FOR EACH STATEMENT EXECUTE FUNCTION count_replies();
CREATE OR REPLACE TRIGGER reply_counts_down AFTER DELETE ON blog_post
    REFERENCING OLD TABLE AS changed_posts FOR EACH STATEMENT EXECUTE FUNCTION count_replies();
CREATE OR REPLACE TRIGGER reply_counts_state AFTER UPDATE OF state ON blog_post FOR EACH ROW
    WHEN (NEW.in_reply_to_id IS NOT NULL AND (OLD.state IS NULL) <> (NEW.state IS NULL))
    EXECUTE FUNCTION count_reply_state();
"""

# What refers to a post goes with it, by the database: the previous release still deletes posts, and
# does not know all of these tables.
DELETE_SQLITE = "    DELETE FROM {} WHERE post_id = OLD.id;\n"
DELETE_POSTGRESQL = "    DELETE FROM {} WHERE post_id IN (SELECT id FROM deleted_posts);\n"
REFERENCES_SQLITE = """
CREATE TRIGGER IF NOT EXISTS post_deletes_references AFTER DELETE ON blog_post BEGIN
{}END;
"""

REFERENCES_POSTGRESQL = """
CREATE OR REPLACE FUNCTION delete_post_references() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{}    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER post_deletes_references AFTER DELETE ON blog_post
    REFERENCING OLD TABLE AS deleted_posts FOR EACH STATEMENT
    EXECUTE FUNCTION delete_post_references();
"""


def create(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers: the last operation of such a migration.

    `apps` has the models at that migration: those before 0012 have no replies. None: as now.
    """
    replies = apps is None or hasattr(apps.get_model("blog", "Post"), "in_reply_to")
    tables = referring_tables(apps or django.apps.apps)
    if schema_editor.connection.vendor == "sqlite":
        deletes = "".join(map(DELETE_SQLITE.format, tables))
        sql = LIKES_SQLITE + REPLIES_SQLITE * replies + REFERENCES_SQLITE.format(deletes)
        for statement in sql.split("END;\n")[:-1]:
            schema_editor.execute(statement + "END;")
    else:
        deletes = "".join(map(DELETE_POSTGRESQL.format, tables))
        sql = LIKES_POSTGRESQL + REPLIES_POSTGRESQL * replies
        schema_editor.execute(sql + REFERENCES_POSTGRESQL.format(deletes))


def referring_tables(apps: Any) -> list[str]:
    """Return the tables whose rows have a `post` that the database knows as a foreign key."""
    fields = [
        field
        for model in apps.get_app_config("blog").get_models()
        for field in model._meta.local_fields
        if field.name == "post" and field.db_constraint
    ]
    return sorted(field.model._meta.db_table for field in fields)


def drop(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers: the first operation of such a migration.

    SQLite rebuilds `blog_post` under another name, which is an error while a trigger names it.
    PostgreSQL drops no column or table that a trigger names; likes stay counted there.
    """
    is_sqlite = schema_editor.connection.vendor == "sqlite"
    for name, table in (TRIGGERS if is_sqlite else REPLIES | REFERENCES).items():
        place = "" if is_sqlite else f" ON {table}"
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}{place}")
