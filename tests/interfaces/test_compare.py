"""The comparison: five interfaces side by side, and runs of which nothing stays."""

import os
import re
import shutil
import subprocess
import sys

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from PIL import Image
from prometheus_client import generate_latest

from tests.architecture.code import ROOT
from tests.contract.drivers import soup
from ublog.accounts.models import CustomUser
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.core import limits
from ublog.core.observability import counters, request_log
from ublog.interfaces.compare import client as compare_client
from ublog.interfaces.compare import run as compare_run
from ublog.interfaces.compare.code import source
from ublog.interfaces.compare.operations import ERROR_PLACES, INTERFACES, OPERATIONS, PLACES
from ublog.interfaces.compare.run import run
from ublog.interfaces.compare.views import VIEWS
from ublog.operations import dry_run

PREVIEW = ROOT / "ublog/interfaces/compare/static/compare/preview.png"
ERRORS = {name for name, operation in OPERATIONS.items() if operation.is_error}


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Let a run take all the time that it needs, but measure each interface once."""
    monkeypatch.setattr(dry_run, "SECONDS", 600)
    monkeypatch.setattr(compare_run, "SAMPLES", 1)


@pytest.fixture
def posts(alice, bob):
    """Publish a post of Alice's, and a reply by Bob that mentions her."""
    made = actions.publish(by=alice, body="The first & the <best>")
    actions.publish(by=bob, body="A reply for @alice", in_reply_to=made.pk)
    return made


def strip(page) -> dict[str, list[str]]:
    """Return the cells of each interface in the strip of results."""
    return {
        row["data-interface"]: [" ".join(cell.text.split()) for cell in row.select("td")]
        for row in soup(page).select(".cmp-strip tbody tr")
    }


# -- The page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_page_has_the_code_and_the_requests_of_all_five_and_runs_nothing(client, posts, name):
    page = client.get(f"/compare/{name}/")
    html = soup(page)
    assert list(strip(page)) == list(INTERFACES)
    assert all("not run" in cells for cells in strip(page).values())
    text = html.text
    for interface, places in PLACES[OPERATIONS[name].verb].items():
        for place in places:
            for line in source(INTERFACES[interface].path, place).splitlines():
                assert line in text
    assert len(html.select(".cmp-snippet")) == 2 * 5 + 2


def test_the_url_says_which_two_are_side_by_side(client, posts):
    page = soup(client.get("/compare/read/?left=cbv&right=graphql"))
    assert [side["id"] for side in page.select(".cmp-side")] == ["cbv", "graphql"]
    assert len(page.select(".cmp-other")) == 3


def test_the_url_says_what_is_shown_of_each(client, posts):
    page = soup(client.get("/compare/read/?view=sql&left=cbv"))
    assert page.select_one("#comparison")["data-view"] == "sql"
    assert page.select_one(".cmp-views [aria-current]").text == "SQL"
    assert page.select_one("form.cmp-run input[name=view]")["value"] == "sql"
    links = [link["href"] for link in page.select(".cmp-tabs:not(.cmp-views) a")]
    assert links
    assert all("view=sql" in link for link in links)
    # Each part has a rule that hides it, in the stylesheet of the page.
    css = (ROOT / "frontend/src/styles/compare.css").read_text()
    parts = {name for part in page.select("[data-part]") for name in part["data-part"].split()}
    assert parts == VIEWS.keys() - {"all"}
    for name in parts:
        assert f"[data-view='{name}'] [data-part]:not([data-part~='{name}'])" in css


def test_a_preview_of_a_link_has_the_picture_of_the_bench(client, posts):
    page = soup(client.get("/compare/like/?left=cbv&run=1"))
    about = {tag["property"]: tag["content"] for tag in page.select("meta[property]")}
    assert about["og:url"].endswith("/compare/like/?left=cbv")
    with Image.open(PREVIEW) as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert "compare/preview" in about["og:image"]
    assert (about["og:image:width"], about["og:image:height"]) == ("1200", "630")


@pytest.mark.parametrize("path", ["/api/docs/", "/api/redoc/", "/graphql/"])
def test_the_pages_of_the_apis_lead_to_the_comparison(client, db, path):
    """Swagger UI and Redoc show the `externalDocs` of the document, GraphiQL the link itself."""
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 200
    if path == "/graphql/":
        assert soup(page).select_one("#graphiql")["data-compare"] == "/compare/"
    else:
        url = client.get("/api/schema/?format=json").json()["externalDocs"]["url"]
        assert url.endswith("/compare/")


def test_every_response_says_where_its_time_went(client, alice, posts, settings):
    client.force_login(alice)
    paths = ["/", "/fbv/posts/", "/api/cbv/posts/", "/graphql/?query={site{name}}", "/nothing/"]
    for path in [*paths, "/static/icon.svg", "/compare/like/?run=1"]:
        total, database = client.get(path)["Server-Timing"].split(", ")
        assert re.fullmatch(r"total;dur=\d+\.\d", total)
        assert re.fullmatch(r'db;dur=\d+\.\d;desc="queries: \d+"', database)
    assert 'desc="queries: 3"' in client.get("/fbv/posts/")["Server-Timing"]
    settings.COMPARE = False
    assert "Server-Timing" not in Client().get("/fbv/posts/")


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/compare/nothing/", 404),
        ("/compare/like/?left=php", 400),
        ("/compare/like/?who=admin", 400),
        ("/compare/like/?view=nothing", 400),
        ("/compare/like/?run=1&post=0", 404),
        ("/compare/like/?run=1&post=x", 404),
        ("/compare/like/?run=1&post=999999", 404),
        ("/compare/like/?run=1&post=99999999999999999999", 404),
    ],
)
def test_what_there_is_not_is_an_error(client, posts, url, status):
    assert client.get(url).status_code == status


def test_every_name_of_the_table_exists():
    for operation in OPERATIONS.values():
        for place in (*operation.domain, *ERROR_PLACES.values()):
            assert source(*place.split(":"))
        for test in operation.tests:
            file, name = test.split("::")
            assert f"def {name}(" in (ROOT / "tests/contract" / file).read_text()


def test_the_policy_is_that_of_all_pages_and_nothing_is_inline(client, posts):
    page = client.get("/compare/like/?run=1")
    assert page["Content-Security-Policy"] == client.get("/fbv/posts/")["Content-Security-Policy"]
    html = soup(page)
    assert not html.select("[style], style, script:not([src])")


@pytest.mark.parametrize(
    ("path", "operation"), [("", "list"), ("{id}/", "read"), ("new/", "publish")]
)
@pytest.mark.parametrize("root", ["/fbv/posts/", "/cbv/posts/"])
def test_the_foot_of_a_page_leads_to_its_comparison(client, posts, root, path, operation):
    page = soup(client.get(root + path.format(id=posts.pk)))
    assert page.select_one(f"footer a[href='/compare/{operation}/']")


# -- A run --------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["reader", "visitor", "me"])
def test_all_five_show_the_same(alice, posts, no_limits, who):
    for name, operation in OPERATIONS.items():
        rows = run(operation, who, alice, None).rows.values()
        assert [row.differences for row in rows] == [[]] * 5, name
        outcomes = {row.result.outcome for row in rows}
        may = who != "visitor" or name in ("list", "read", "publish", "reply", "too-long")
        assert outcomes == {operation.outcome if may else "not authenticated"}, name


def test_an_empty_site_runs_on_made_up_posts(db, no_limits):
    for operation in OPERATIONS.values():
        rows = run(operation, "reader", AnonymousUser(), None).rows.values()
        assert {row.result.outcome for row in rows if row.is_same} == {operation.outcome}
        assert all(row.is_same for row in rows)


def stored() -> dict[str, list[object]]:
    """Return all rows of all tables, but for what tables of sequences have."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = {}
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            rows[table] = sorted(map(repr, cursor.fetchall()))
    return rows


def spent() -> dict[str, int]:
    """Return what was spent of each budget, but those of the comparison itself."""
    found = limits.shared_counts().storage.connection.execute("SELECT key, n FROM spent")
    return {key: n for key, n in found if "compare" not in key}


@pytest.mark.parametrize("who", ["reader", "me"])
def test_nothing_stays_of_a_run(transactional_db, client, alice, bob, settings, media, who):
    """Neither rows, files, mails, tasks, budgets, log, metrics nor logins: all is as before."""
    settings.LIMITS |= {"compare": "100/minute", "compare_site": "100/minute"}
    settings.REQUEST_LOG, settings.METRICS_TOKEN = True, "a token"
    compare_client.handler.cache_clear()
    post = actions.publish(by=alice, body="Hello @bob")
    actions.publish(by=bob, body="A reply", in_reply_to=post.pk)
    client.force_login(alice)

    def state():
        files = {path: path.stat().st_size for path in media.rglob("*")}
        return (
            *(stored(), spent(), files, list(mail.outbox), list(request_log.waiting)),
            generate_latest(counters.counted),
        )

    before = state()
    for operation in OPERATIONS.values():
        assert all(row.is_same for row in run(operation, who, alice, post.pk).rows.values())
    assert state() == before


def test_a_run_counts_what_an_interface_costs(client, alice, posts, no_limits):
    """The session of a page costs two queries more than a token, as the contract says."""
    rows = strip(client.get("/compare/like/?run=1"))
    queries = {name: int(cells[2]) for name, cells in rows.items()}
    assert queries["fbv"] == queries["cbv"] == queries["graphql"] + 2
    assert queries["rest-functions"] == queries["rest-viewset"] == queries["graphql"]


class LosesLikes:
    """A middleware by which the class views do not like, though they say so."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/cbv/") and request.path.endswith("/like/"):
            return HttpResponse(status=302, headers={"Location": request.path[: -len("like/")]})
        return self.get_response(request)


class Breaks:
    """A middleware by which the API of functions raises an error that nobody expects."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path.startswith("/api/fbv/") and request.method == "PUT":
            raise RuntimeError("the secret text of an error")
        return self.get_response(request)


@pytest.fixture
def through(settings):
    """A function that adds a middleware to those that a run goes through."""

    def add(middleware):
        settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.{middleware.__name__}"]
        compare_client.handler.cache_clear()

    yield add
    compare_client.handler.cache_clear()


def test_an_interface_that_behaves_differently_is_red(client, posts, through):
    through(LosesLikes)
    page = client.get("/compare/like/?run=1")
    assert {name for name, cells in strip(page).items() if cells[1] == "no"} == {"cbv"}
    assert [row["data-interface"] for row in soup(page).select(".cmp-differs")] == ["cbv"]
    assert "like_count: 0, elsewhere 1" in soup(page).select_one("[role=alert]").text


def test_an_interface_that_fails_shows_it_in_its_row(posts, through):
    through(Breaks)
    page = Client(raise_request_exception=False).get("/compare/like/?run=1")
    assert page.status_code == 200
    rows = strip(page)
    assert rows["rest-functions"][:2] == ["500 error 500", "no"]
    assert {cells[1] for name, cells in rows.items() if name != "rest-functions"} == {"yes"}
    assert "secret text" not in page.text


def test_what_cannot_be_parsed_is_the_problem_of_its_row(client, posts, monkeypatch):
    def look(operation, interface, response, scene):
        if interface == "graphql":
            raise ValueError("no such thing")
        return compare_run.Result("done", None)

    monkeypatch.setattr(compare_run, "look", look)
    rows = strip(client.get("/compare/like/?run=1"))
    assert {name for name, cells in rows.items() if cells[1] == "no"} == {"graphql"}


def test_a_run_ends_in_time(client, posts, monkeypatch):
    monkeypatch.setattr(dry_run, "SECONDS", 0)
    page = client.get("/compare/like/?run=1")
    assert page.status_code == 200
    assert "The time of one run was up" in soup(page).select_one(".cmp-strip").text
    assert not soup(page).select(".cmp-differs, [role=alert]")
    assert not Post.objects.filter(body="A made-up post").exists()


def test_what_was_not_run_differs_from_nothing(posts, monkeypatch):
    monkeypatch.setattr(dry_run.Clock, "has_room", lambda clock, seconds: next(rooms, False))
    rooms = iter([True, True])
    rows = list(run(OPERATIONS["like"], "reader", AnonymousUser(), None).rows.values())
    assert [row.was_run for row in rows] == [True, True, False, False, False]
    assert [row.differences for row in rows] == [[]] * 5


# -- Who may, and how often ---------------------------------------------------------------------


def test_one_run_at_a_time(client, posts):
    with dry_run.alone():
        response = client.get("/compare/like/?run=1")
        assert (response.status_code, response["Retry-After"]) == (429, "1")
        assert client.get("/compare/like/").status_code == 200
    assert client.get("/compare/like/?run=1").status_code == 200


@pytest.mark.parametrize("limit", ["compare", "compare_site"])
def test_runs_have_limits_of_their_own(client, posts, settings, limit):
    settings.LIMITS |= {limit: "1/minute"}
    assert client.get("/compare/like/?run=1").status_code == 200
    assert client.get("/compare/like/?run=1").status_code == 429
    assert client.get("/compare/like/").status_code == 200


def test_nothing_secret_is_shown(client, alice, posts, no_limits, settings):
    client.force_login(alice)
    for name in OPERATIONS:
        text = client.get(f"/compare/{name}/?run=1&who=me").text
        assert client.cookies[settings.SESSION_COOKIE_NAME].value not in text
        assert not re.search(r"eyJ[\w-]{10}", text), "a token"
        assert alice.email not in text
        for path in (settings.DATA_DIR, settings.BASE_DIR):
            assert str(path) not in text
        # The only token of a form is that of the page's own form to log out.
        assert len(re.findall(r'csrfmiddlewaretoken" value="\w', text)) == 1


def test_where_it_is_off_there_is_nothing(client, posts, settings, django_assert_num_queries):
    settings.COMPARE = False
    with django_assert_num_queries(0):
        assert client.get("/compare/like/?run=1").status_code == 404
    assert "/compare/" not in client.get("/fbv/posts/").text
    assert client.get("/source/fbv/").status_code == 200


@pytest.mark.parametrize(
    ("url", "choice", "there"),
    [
        ("http://localhost:8000", "", True),
        ("http://127.0.0.1:8000", "off", False),
        ("https://blog.example.org", "", False),
        ("https://blog.example.org", "on", True),
    ],
)
def test_it_is_there_on_this_machine_or_where_it_is_wanted(url, choice, there):
    keys = {
        "UBLOG_SECRET_KEY": "the first key of this test, 32 bytes or more",
        "UBLOG_TOKEN_KEY": "the other key of this test, 32 bytes or more",
    }
    script = "from ublog import settings; print(settings.COMPARE)"
    environment = {"UBLOG_SITE_URL": url, "UBLOG_COMPARE": choice, **keys}
    done = python(script, environment)
    assert done == str(there)


def test_its_modules_are_imported_when_they_are_needed():
    script = (
        "import sys, django; django.setup(); import ublog.urls\n"
        "late = {'ublog.interfaces.compare.views', 'ublog.operations.dry_run'}\n"
        "print(late & sys.modules.keys())"
    )
    assert python(script, {"DJANGO_SETTINGS_MODULE": "tests.settings"}) == "set()"


def python(script: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={"UBLOG_DATA_DIR": "/nonexistent", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


# -- The source of a page -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["fbv", "ublog/blog/actions.py", "ublog/interfaces/rest/errors.py"]
)
def test_the_source_has_a_title_lines_and_a_way_back(client, db, path):
    page = soup(client.get(f"/source/{path}/"))
    file = page.h1.text
    code = (ROOT / file).read_text()
    assert page.title.text.startswith(file)
    lines = page.select(".cmp-line")
    assert len(lines) == len(code.splitlines())
    assert lines[2].text.rstrip("\n") == "3" + code.splitlines()[2]
    assert (lines[2]["id"], lines[2].a["href"]) == ("L3", "#L3")
    assert Client().get(page.select_one("main a.tool")["href"]).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        *("ublog/settings.py", "ublog/blog/../settings.py", "/etc/passwd", "nothing"),
        *("ublog/interfaces/pages/jinja2/base.html", "ublog/interfaces/rest", "..%2F..%2Fx.py"),
    ],
)
def test_no_other_file_is_shown(client, db, path):
    assert client.get(f"/source/{path}/").status_code == 404


# -- Requests to copy ---------------------------------------------------------------------------

PASSWORD = "correct horse battery"
DONE = {"302", "200", "201", "204"}


@pytest.fixture
def pasted(transactional_db, live_server, settings, person, tmp_path):
    """A function that pastes the command of an interface into a shell, and returns the status."""
    if not (shutil.which("curl") and shutil.which("bash")):
        pytest.skip("curl or bash is not installed")
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    person("me", password=PASSWORD)

    def paste(page, interface):
        panel = page.select_one(f"#{interface}")
        [text] = [
            one.code.text for one in panel.select(".cmp-snippet") if one.summary.text == "curl"
        ]
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text],
            cwd=tmp_path,
            env={**os.environ, "EMAIL": "me@example.org", "PASSWORD": PASSWORD},
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, text + done.stderr
        return done.stdout.split()[1], done.stdout

    return paste


def test_a_pasted_command_does_what_it_says(pasted, client, no_limits):
    me, anna = CustomUser.objects.get(), CustomUser.objects.create_user("anna@example.org")
    for name in ("list", "read", "publish", "edit", "like", "reply", "bookmark", "delete"):
        author = me if OPERATIONS[name].post == "own" else anna
        for interface in INTERFACES:
            post = actions.publish(by=author, body="To be changed")
            page = soup(client.get(f"/compare/{name}/?post={post.pk}"))
            status, printed = pasted(page, interface)
            assert status in DONE, (name, interface, printed)
            assert '"errors": [{' not in printed
            assert has_happened(name, post, me), (name, interface, printed)


def has_happened(name, post, me) -> bool:
    """Return whether the operation was done to the post, or to the newest one."""
    newest, old = Post.objects.order_by("pk").last(), Post.objects.filter(pk=post.pk)
    body = OPERATIONS[name].body
    return {
        "list": True,
        "read": True,
        "publish": newest.body == body and newest.created_by == me,
        "reply": newest.body == body and newest.in_reply_to_id == post.pk,
        "edit": old.filter(body=body).exists(),
        "like": old.filter(postlike__liked_by=me).exists(),
        "bookmark": old.filter(postbookmark__isnull=False).exists(),
        "delete": not old.exists(),
    }[name]


@pytest.mark.parametrize(
    ("name", "statuses"),
    [
        ("forbidden", {"403", "200"}),
        ("too-long", {"400", "200"}),
        ("anonymous", {"302", "401", "200"}),
        ("stale", {"409", "412", "200"}),
    ],
)
def test_a_pasted_error_is_that_error(pasted, client, name, statuses):
    author = CustomUser.objects.get() if OPERATIONS[name].post == "own" else None
    post = actions.publish(by=author or AnonymousUser(), body="Stays")
    page = soup(client.get(f"/compare/{name}/?post={post.pk}"))
    found = {interface: pasted(page, interface) for interface in INTERFACES}
    assert {status for status, _ in found.values()} == statuses
    code = {"forbidden": "FORBIDDEN", "too-long": "INVALID", "stale": "STALE"}
    assert code.get(name, "UNAUTHENTICATED") in found["graphql"][1]
    assert list(Post.objects.values_list("body", flat=True)) == ["Stays"]
