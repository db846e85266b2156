"""L1, the yardstick: what the machine can do with Python, a database driver and orjson.

A WSGI callable without a framework for each operation that is compared: one prepared statement, the
rows as dicts, JSON. It checks the same access token and does the same writes as the interfaces.

The post here is a frozen shape: a new field of the product's post changes nothing in it. Its column
must have a default in the database or be nullable, as CONTRIBUTING.md requires of a migration.
"""

import os
import sqlite3
import threading
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import jwt
import orjson
import psycopg

URL = os.environ["DATABASE_URL"]
KEY = os.environ["UBLOG_TOKEN_KEY"]
SQLITE = URL.startswith("sqlite")
NEW = {  # columns of a new post without an image
    "body": "",
    "body_folded": "",
    **dict.fromkeys(("image", "image_alt", "feed", "thumbnail"), ""),
    "like_count": 0,
}

SELECT = """
SELECT p.id, p.body, p.created_on, p.modified_on, p.like_count, p.image, p.image_alt,
       p.image_width, p.image_height, p.feed, p.thumbnail, p.created_by_id, u.username,
       u.display_name, {liked}
FROM blog_post p LEFT JOIN accounts_customuser u ON u.id = p.created_by_id
"""
LIKED = "(SELECT l.id FROM blog_postlike l WHERE l.post_id = p.id AND l.liked_by_id = ? LIMIT 1)"
PAGE = "ORDER BY p.created_on DESC, p.id DESC LIMIT 21"

local = threading.local()


def connection() -> Any:
    """Return the connection of this thread, which stays open."""
    if not hasattr(local, "connection"):
        if SQLITE:
            path = unquote(urlsplit(URL).path)[1:]
            local.connection = sqlite3.connect(path, timeout=20, isolation_level=None)
            local.connection.executescript(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=268435456;"
                "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY; PRAGMA foreign_keys=ON;"
            )
        else:
            local.connection = psycopg.connect(URL, autocommit=True, prepare_threshold=0)
    return local.connection


def run(statement: str, *values: Any) -> Any:
    return connection().execute(statement if SQLITE else statement.replace("?", "%s"), values)


def begin() -> None:
    run("BEGIN IMMEDIATE" if SQLITE else "BEGIN")


def moment(value: Any) -> Any:
    """Return a date and time for JSON. In SQLite it is the text that Django stores."""
    return value.replace(" ", "T") + "Z" if isinstance(value, str) else value


def post_json(row: Any, viewer: int) -> dict[str, Any]:
    (key, body, created, modified, count, image, alt, width, height, feed, thumbnail) = row[:11]
    author, username, name, like = row[11:]
    return {
        "id": key,
        "body": body,
        "image": (
            image
            and {
                "url": f"/media/{feed or image}",
                "thumbnail": f"/media/{thumbnail or image}",
                "width": width,
                "height": height,
                "alt": alt,
            }
        )
        or None,
        "created_by": author and {"username": username, "display_name": name},
        "created_on": moment(created),
        "modified_on": moment(modified),
        "edited": created != modified,
        "like_count": count,
        "liked": like is not None,
        "can_edit": author is not None and author == viewer,
    }


def viewer_of(environ: dict[str, Any]) -> int:
    """Return the id of the user in the access token; 0 for an anonymous user."""
    word = environ.get("HTTP_AUTHORIZATION", "")
    if not word:
        return 0
    claims = jwt.decode(word[7:], KEY, ["HS256"], audience="ublog", issuer="ublog")
    return int(claims["user_id"])


def posts(viewer: int, end: str, *values: Any) -> list[dict[str, Any]]:
    if viewer:
        rows = run(SELECT.format(liked=LIKED) + end, viewer, *values)
    else:
        rows = run(SELECT.format(liked="NULL") + end, *values)
    return [post_json(row, viewer) for row in rows.fetchall()]


def listing(viewer: int) -> Any:
    found = posts(viewer, PAGE)
    return {"next": found[20]["id"] if len(found) > 20 else None, "results": found[:20]}


def check_active(viewer: int) -> None:
    """Raise PermissionError unless the user is active."""
    if not run("SELECT is_active FROM accounts_customuser WHERE id = ?", viewer).fetchone():
        raise PermissionError


def create(viewer: int, body: bytes) -> Any:
    check_active(viewer)
    text, now = orjson.loads(body)["body"].strip(), datetime.now(UTC)
    when = now.strftime("%Y-%m-%d %H:%M:%S.%f") if SQLITE else now
    row = NEW | {"body": text, "body_folded": text.casefold(), "created_by_id": viewer}
    row |= {"created_on": when, "modified_on": when}
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    begin()
    insert = f"INSERT INTO blog_post ({names}) VALUES ({marks}) RETURNING id"
    key = run(insert, *row.values()).fetchone()[0]
    run("COMMIT")
    return {"id": key, "body": text, "created_on": now, "like_count": 0, "liked": False}


def toggle(viewer: int, key: int) -> Any:
    check_active(viewer)
    begin()
    gone = "DELETE FROM blog_postlike WHERE post_id = ? AND liked_by_id = ? RETURNING id"
    if not run(gone, key, viewer).fetchall():
        now = datetime.now(UTC)
        when = now.strftime("%Y-%m-%d %H:%M:%S.%f") if SQLITE else now
        like = "INSERT INTO blog_postlike (post_id, liked_by_id, liked_on) VALUES (?, ?, ?)"
        run(like, key, viewer, when)
    post = posts(viewer, "WHERE p.id = ?", key)[0]
    run("COMMIT")
    return post


def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    parts = environ["PATH_INFO"].strip("/").split("/")
    if parts[0] != "posts":
        start_response("404 Not Found", [("Content-Length", "0")])
        return []
    viewer, method = viewer_of(environ), environ["REQUEST_METHOD"]
    if parts[-1] == "like":
        response = toggle(viewer, int(parts[1]))
    elif method == "POST":
        response = create(viewer, environ["wsgi.input"].read())
    elif len(parts) == 2:
        response = posts(viewer, "WHERE p.id = ?", int(parts[1]))[0]
    else:
        response = listing(viewer)
    content = orjson.dumps(response, option=orjson.OPT_UTC_Z)
    headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
    start_response("200 OK", headers)
    return [content]
