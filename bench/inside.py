"""What only a process of the product can tell: sign-ins, cursors, the queries of a request.

`answer` starts one and asks it:

python -m bench.inside people              prints who may ask, and the place of a deep page
python -m bench.inside posts < number      adds posts of the writer's; prints the first id
python -m bench.inside queries < requests  prints the number of queries of each
python -m bench.inside profile < requests  prints where the CPU of each goes
"""

import json
import subprocess
import sys
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import django

from bench.profile import profile
from bench.requests import Person, Request
from bench.servers import ROOT, environment

DEPTH = 100_000  # posts
LOOKING = 2  # seconds for each request whose CPU is looked at


def answer(database: str, what: str, given: Any = None) -> Any:
    """What such a process prints, on that database."""
    ran = subprocess.run(
        [sys.executable, "-m", "bench.inside", what],
        cwd=ROOT,
        env=environment(database),
        input=json.dumps(given),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ran.stdout.splitlines()[-1])


def sign_in(database: str) -> tuple[dict[str, Person], str | None]:
    """Who may ask, by name, and the place of a deep page."""
    told = answer(database, "people")
    people = [Person(**one) for one in told["people"]]
    return {person.name: person for person in people}, told["cursor"]


def people() -> dict[str, object]:
    """Signed in anew, for a day; what earlier runs have left is removed."""
    from ublog.accounts.models import CustomUser, RefreshFamily
    from ublog.blog.models import Post
    from ublog.core.cursors import Cursor
    from ublog.core.models import RequestLog

    RequestLog.objects.all().delete()
    RefreshFamily.objects.all().delete()
    names = ("writer", "reader_ten", "reader_many")
    newest = Post.objects.order_by("-id").values_list("pk", flat=True)[0]
    deep = Post.objects.filter(pk=newest - DEPTH).first()
    return {
        "people": [asdict(signed_in(CustomUser.objects.get(username=name))) for name in names],
        "cursor": Cursor.at(deep).encode() if deep else None,
    }


def signed_in(user) -> Person:
    from django.conf import settings
    from django.test import Client

    from ublog.accounts.models import RefreshFamily
    from ublog.interfaces.auth import login  # noqa: F401  starts a family at `force_login`
    from ublog.interfaces.auth.tokens import AccessToken

    client = Client()
    client.force_login(user)
    family = RefreshFamily.objects.filter(user=user).latest("pk")
    token = AccessToken.of(family)
    token.set_exp(lifetime=timedelta(days=1))
    return Person(user.username, str(token), client.cookies[settings.SESSION_COOKIE_NAME].value)


def posts(number: int) -> int:
    """The id of the first; ids follow each other while nobody else writes."""
    from ublog.accounts.models import CustomUser
    from ublog.blog.models import Post

    writer = CustomUser.objects.get(username="writer")
    made = Post.objects.bulk_create(
        Post(body=f"To be deleted, {n}", created_by=writer) for n in range(number)
    )
    return made[0].pk


def queries(requests: list[Request]) -> list[int | None]:
    """SELECT, INSERT, UPDATE and DELETE, as tests/contract/test_costs.py counts them. None for
    what is not answered well."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    words = ("SELECT", "INSERT", "UPDATE", "DELETE")
    counts: list[int | None] = []
    for request in requests:
        client = Client(headers={**request.headers, "Host": "127.0.0.1"})
        kind = request.headers.get("Content-Type", "application/octet-stream")
        with CaptureQueriesContext(connection) as captured:
            answer = client.generic(request.method, request.path, request.body, kind)
        number = sum(query["sql"].startswith(words) for query in captured.captured_queries)
        counts.append(number if answer.status_code < 400 else None)
    return counts


if __name__ == "__main__":
    django.setup()
    given = json.load(sys.stdin)
    match sys.argv[1]:
        case "people":
            print(json.dumps(people()))
        case "posts":
            print(json.dumps(posts(given)))
        case "queries":
            print(json.dumps(queries([Request(**one) for one in given])))
        case "profile":
            print(json.dumps([profile(Request(**one), LOOKING) for one in given]))
