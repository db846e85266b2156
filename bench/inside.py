"""Functions that need a process of the product: log in users, count queries, profile requests.

`call` runs one in a process of its own:

python -m bench.inside people              prints the users with tokens, and places in the lists
python -m bench.inside posts < number      adds posts by `writer`; prints the first id
python -m bench.inside queries < requests  prints the number of queries of each
python -m bench.inside profile < requests  prints where the CPU of each goes
"""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import django

from bench import fill
from bench.profile import profile
from bench.requests import Person, Request
from bench.servers import ROOT, environment

DEPTH = 100_000  # posts
PAGE = 20  # posts
PROFILING = 2  # seconds for each request


def call(database: str, what: str, argument: Any = None, checkout: Path = ROOT) -> Any:
    """Call a function of this module, of that checkout, in a new process on that database.

    Return its result.
    """
    ran = subprocess.run(
        [sys.executable, "-m", "bench.inside", what],
        cwd=checkout,
        env=environment(database),
        input=json.dumps(argument),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def log_in(database: str, checkout: Path = ROOT) -> tuple[dict[str, Person], dict[str, Any]]:
    """Log the users of the bench in. Return them by name, and what `places` returns."""
    result = call(database, "people", checkout=checkout)
    people = [Person(**one) for one in result["people"]]
    return {person.name: person for person in people}, result.get("places", {})


def people() -> dict[str, object]:
    """Log the users in for a day, after deleting the sessions and logs of earlier runs."""
    from ublog.accounts.models import CustomUser, TokenFamily
    from ublog.core.models import RequestLog

    RequestLog.objects.all().delete()
    TokenFamily.objects.all().delete()
    names = ("writer", "reader_ten", "reader_many")
    return {
        "people": [asdict(logged_in(CustomUser.objects.get(username=name))) for name in names],
        "places": places(),
    }


def places() -> dict[str, Any]:
    """Return what URLs name: `first_post` and `tag` of the fill, the cursor of the `last_replies`,
    and one `deep` in the list, or None."""
    from ublog.blog.models import Post
    from ublog.core.cursors import Cursor

    replies = Post.objects.filter(in_reply_to__isnull=False).order_by("-id")
    last = replies[PAGE]
    newest = Post.objects.order_by("-id").values_list("pk", flat=True)[0]
    deep = Post.objects.filter(pk=newest - DEPTH).first()
    return {
        "first_post": last.in_reply_to_id,
        "last_replies": Cursor.at(last, older=False).encode(),
        "tag": fill.TAG,
        "deep": Cursor.at(deep).encode() if deep else None,
    }


def logged_in(user) -> Person:
    from django.conf import settings
    from django.test import Client

    from ublog.accounts.models import TokenFamily
    from ublog.interfaces.auth import login  # noqa: F401  starts a family at `force_login`
    from ublog.interfaces.auth.tokens import AccessToken

    client = Client()
    client.force_login(user)
    family = TokenFamily.objects.filter(user=user).latest("pk")
    token = AccessToken.of(family)
    token.set_exp(lifetime=timedelta(days=1))
    return Person(user.username, str(token), client.cookies[settings.SESSION_COOKIE_NAME].value)


def posts(number: int) -> int:
    """Create posts. Return the id of the first: ids are consecutive without other writers."""
    from ublog.accounts.models import CustomUser
    from ublog.blog.models import Post

    writer = CustomUser.objects.get(username="writer")
    made = Post.objects.bulk_create(
        Post(body=f"To be deleted, {n}", created_by=writer) for n in range(number)
    )
    return made[0].pk


def queries(requests: list[Request]) -> list[int | None]:
    """Count SELECT, INSERT, UPDATE and DELETE, as tests/contract/test_costs.py does.

    The number is None for a request whose response is an error.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    words = ("SELECT", "INSERT", "UPDATE", "DELETE")
    counts: list[int | None] = []
    for request in requests:
        client = Client(headers={**request.headers, "Host": "127.0.0.1"})
        kind = request.headers.get("Content-Type", "application/octet-stream")
        with CaptureQueriesContext(connection) as captured:
            response = client.generic(request.method, request.path, request.body, kind)
        number = sum(query["sql"].startswith(words) for query in captured.captured_queries)
        counts.append(number if response.status_code < 400 else None)
    return counts


if __name__ == "__main__":
    django.setup()
    argument = json.load(sys.stdin)
    match sys.argv[1]:
        case "people":
            print(json.dumps(people()))
        case "posts":
            print(json.dumps(posts(argument)))
        case "queries":
            print(json.dumps(queries([Request(**one) for one in argument])))
        case "profile":
            print(json.dumps([profile(Request(**one), PROFILING) for one in argument]))
