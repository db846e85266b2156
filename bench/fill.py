"""Fill an empty database by set-based SQL, in minutes: `python -m bench.fill 1000000`.

As many people as posts; ten likes a post; the newest post is liked by everyone; `writer` wrote
the oldest posts, `reader_ten` likes ten posts, `reader_many` a hundred thousand (or all). One post
in a hundred replies to one of them, `first_post`; one in ten has the tag TAG, and `reader_many` is
notified of it. Likes and replies are written without the triggers and the foreign keys, the counts
beside them; afterwards both are compared, row by row, and the triggers are back.
"""

import hashlib
import sys
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIKES = 10  # a post
OWN = 200  # posts by `writer`
MANY = 100_000  # likes by `reader_many`
SPECIAL = ("writer", "reader_ten", "reader_many")
REPLIES = 25  # at least, more than a page
TAG = "bench"
START = "2026-01-01 00:00:00"  # then a post a second


def version(root: Path = ROOT) -> str:
    """Return a hash of this file in a checkout, its migrations and its triggers."""
    files = [root / "bench/fill.py", root / "ublog/blog/triggers.py"]
    files += sorted(root.glob("ublog/*/migrations/*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


def first_post(posts: int) -> int:
    """Return the id of the post that all replies reply to; theirs are the next ids."""
    return min(OWN, posts // 2) + 1


def reply_count(posts: int) -> int:
    return min(max(REPLIES, posts // 100), posts // 4)


def fill(posts: int) -> None:
    """Migrate the database of the settings and fill it.

    Raises AssertionError when the like counts are wrong.
    """
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", interactive=False, verbosity=0)
    with connection.cursor() as cursor, likes_uncounted(cursor, connection.vendor):
        for statement in statements(posts, connection.vendor):
            cursor.execute(statement)
    verify()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


@contextmanager
def likes_uncounted(cursor, vendor: str):
    """Disable the triggers, and for this connection the foreign keys."""
    from django.db import connection

    from ublog.blog import triggers

    if vendor == "sqlite":
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA foreign_keys=OFF")
        with connection.schema_editor() as editor:
            triggers.drop(None, editor)
        cursor.execute("BEGIN")
        yield
        cursor.execute("COMMIT")
        with connection.schema_editor() as editor:
            triggers.create(None, editor)
        cursor.execute("PRAGMA foreign_keys=ON")
    else:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        yield
        cursor.execute("SET session_replication_role = origin")


def statements(posts: int, vendor: str) -> list[str]:
    """Return the statements that fill the tables. Post and user n have the id n, then SPECIAL."""
    from ublog.accounts.models import CustomUser
    from ublog.blog.models import Notification, Post, PostLike, PostTag

    sqlite = vendor == "sqlite"
    text = "'{0}' || {1}" if sqlite else "'{0}' || ({1})::text"
    moment = (
        f"datetime('{START}', '+' || n || ' seconds')"
        if sqlite
        else f"timestamptz '{START}+00' + n * interval '1 second'"
    )
    writer, reader_ten, reader_many = range(posts + 1, posts + 4)
    names = " ".join(f"WHEN {posts + 1 + i} THEN '{name}'" for i, name in enumerate(SPECIAL))
    named = f"CASE n {names}"
    body = text.format("Post number ", "n") + " || ': a text of the length that people write, with"
    body += " a thought, a comma and the end of a sentence in it.'"
    author = f"CASE WHEN n <= {min(OWN, posts // 2)} THEN {writer}"
    author += f" ELSE 1 + (n % 100000 * 7919) % {posts} END"
    step = max(1, posts // MANY)
    likes = f"{LIKES} + CASE WHEN n % {step} = 0 THEN 1 ELSE 0 END"
    likes += f" + CASE WHEN n > {posts - 10} THEN 1 ELSE 0 END"
    hot = f"{posts} + CASE WHEN {posts} % {step} = 0 THEN 1 ELSE 0 END + 1"
    first, replies = first_post(posts), reply_count(posts)
    reply = f"CASE WHEN n > {first} AND n <= {first + replies} THEN {first} END"
    people = {
        "id": "n",
        "username": f"{named} ELSE {text.format('person_', 'n')} END",
        "email": f"{text.format('person_', 'n')} || '@example.org'",
        "display_name": text.format("Person ", "n"),
        "password": "'!'",
    }
    post = {
        "id": "n",
        "body": body,
        "body_folded": f"lower({body})",
        "created_on": moment,
        "modified_on": moment,
        "created_by_id": author,
        "like_count": f"CASE WHEN n = {posts} THEN {hot} ELSE {likes} END",
        "in_reply_to_id": reply,
        "conversation": reply,
        "reply_count": f"CASE WHEN n = {first} THEN {replies} ELSE 0 END",
    }
    notified = {
        "user_id": str(reader_many),
        "kind": "'like'",
        "post_id": "n * 10",
        "actor_id": "n",
        "created_on": moment,
    }
    like = {"liked_on": moment}
    regular = f"(n * 7 + k * 104729) % {posts} + 1"
    return [
        insert(CustomUser, people, series("n", posts + 3, sqlite)),
        insert(Post, post, series("n", posts, sqlite)),
        insert(PostTag, {"post_id": "n * 10", "key": f"'{TAG}'"}, series("n", posts // 10, sqlite)),
        insert(Notification, notified, series("n", posts // 10, sqlite)),
        insert(
            PostLike,
            {**like, "post_id": "n", "liked_by_id": regular},
            f"{series('n', posts - 1, sqlite)} CROSS JOIN {series('k', LIKES, sqlite)}",
        ),
        insert(
            PostLike,
            {**like, "post_id": str(posts), "liked_by_id": "n"},
            series("n", posts, sqlite),
        ),
        insert(
            PostLike,
            {**like, "post_id": f"n * {step}", "liked_by_id": str(reader_many)},
            series("n", posts // step, sqlite),
        ),
        insert(
            PostLike,
            {**like, "post_id": f"{posts} + 1 - n", "liked_by_id": str(reader_ten)},
            series("n", 10, sqlite),
        ),
        *([] if sqlite else sequences()),
    ]


def series(name: str, last: int, sqlite: bool) -> str:
    """Return a table of one column with the numbers from 1."""
    if not sqlite:
        return f"generate_series(1, {last}) AS {name}"
    rows = f"VALUES (1) UNION ALL SELECT {name} + 1 FROM count_{name} WHERE {name} < {last}"
    return f"(WITH RECURSIVE count_{name}({name}) AS ({rows}) SELECT {name} FROM count_{name})"


def insert(model, values: dict[str, str], source: str) -> str:
    """Return an INSERT with all columns; those without a value get the field's default."""
    from django.db import connection

    columns = {}
    for field in model._meta.local_concrete_fields:
        if field.attname in values:
            columns[field.column] = values[field.attname]
        elif not field.primary_key:
            columns[field.column] = literal(field, connection)
    names = ", ".join(f'"{name}"' for name in columns)
    expressions = ", ".join(columns.values())
    return f"INSERT INTO {model._meta.db_table} ({names}) SELECT {expressions} FROM {source}"


def literal(field, connection) -> str:
    """Return the field's default as SQL."""
    if field.get_internal_type() == "DateTimeField":
        moment = f"'{START}'" if connection.vendor == "sqlite" else f"timestamptz '{START}+00'"
        return "NULL" if field.null and not field.has_default() else moment
    value = field.get_default()
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).upper()
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


def sequences() -> list[str]:
    """Return statements that set PostgreSQL's sequences to the highest ids."""
    return [
        f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
        for table in ("accounts_customuser", "blog_post")
    ]


def verify() -> None:
    """Check the counts against likes and replies, and that the triggers exist."""
    from django.core.checks import run_checks
    from django.db import connection

    with connection.cursor() as cursor:
        for name, column, table in (
            ("like", "post_id", "blog_postlike"),
            ("reply", "in_reply_to_id", "blog_post"),
        ):
            counted = f"SELECT {column} AS post, count(*) AS found FROM {table} GROUP BY {column}"
            wrong = f"SELECT count(*) FROM blog_post p LEFT JOIN ({counted}) c ON c.post = p.id"
            cursor.execute(f"{wrong} WHERE p.{name}_count <> coalesce(c.found, 0)")
            assert cursor.fetchone()[0] == 0, f"{name}_count differs from what it counts"
    failures = run_checks(tags=["database"], databases=["default"])
    assert not failures, failures


if __name__ == "__main__":
    import django

    django.setup()
    fill(int(sys.argv[1]))
