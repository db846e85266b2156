"""Whole sessions of apps for Mastodon with a running site: log in, read, post, log out.

Each is a program of somebody else in the version of `apps/`, and tells what it sees.
"""

import json
import os
import re
import subprocess

import pytest

from tests.clients.consent import allow
from tests.faults.site import Site, eventually, is_up
from tests.pictures import picture

POSTS = 45  # more than two pages of 20
PASSWORD = "correct horse battery staple"
USERS = ("toot", "mastodonpy", "masto", "megalodon")
SEED = f"""
from ublog.accounts.models import CustomUser
from ublog.blog import actions
make = lambda name: CustomUser.objects.create_user(
    f"{{name}}@example.org", username=name, password="{PASSWORD}")
bob, *users = map(make, ("bob", *{USERS}))
for n in range({POSTS}):
    actions.publish(by=bob, body=f"Tea {{n}} #tea")
for user in users:
    actions.publish(by=bob, body=f"Hello @{{user.username}}")
"""
NO_LIMITS = {"UBLOG_LIMIT_POST": "1000/minute", "UBLOG_LIMIT_OAUTH_APP": "1000/minute"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A migrated site in processes of its own, web server and worker, with users and posts."""
    directory = tmp_path_factory.mktemp("site")
    (directory / "data").mkdir(mode=0o700)
    # With debug on, static files need not be collected.
    debug = {"DJANGO_SETTINGS_MODULE": "ublog.settings", "UBLOG_DEBUG": "on"}
    made = Site(directory / "data", **debug, **NO_LIMITS)
    made.environment.pop("DATABASE_URL", None)
    try:
        made.run("manage.py", "migrate", "-v0")
        made.run("manage.py", "shell", "-v0", "-c", SEED)
        made.start("worker")
        made.start("web")
        eventually(lambda: is_up(made.port))
        yield made
    finally:
        made.stop()


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "photo.png"
    path.write_bytes(picture((40, 30)).read())
    return path


def session(site, user, command, environment=None, replies="{}\n"):
    """Run a program that prints the URL at which a user allows it, and reads the code.

    Return what it prints after that.
    """
    environment = {"PATH": os.environ["PATH"]} | (environment or {})
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, env=environment, text=True, **pipes) as program:
        try:
            for line in program.stdout:
                if url := re.search(r"http\S+/oauth/authorize\S+", line):
                    break
            else:
                pytest.fail(program.stderr.read())
            code = allow(url[0], f"{user}@example.org", PASSWORD)
            printed, errors = program.communicate(replies.format(code), timeout=120)
        except BaseException:
            program.kill()
            raise
    assert program.returncode == 0, errors + printed
    return printed


def status(site, id):
    """Return a post as REST has it, without a log-in."""
    code, body = site.fetch(f"/api/fbv/posts/{id}/")
    return code, json.loads(body)


@pytest.mark.parametrize(
    ("user", "program"),
    [
        ("mastodonpy", "mastodon_py.py"),
        ("masto", "masto.mjs"),
        ("megalodon", "megalodon.mjs"),
    ],
)
def test_a_library_has_a_whole_session(site, apps, python_of_apps, node, photo, user, program):
    runner = python_of_apps if program.endswith(".py") else node
    printed = session(site, user, [runner, apps / program, site.url, photo])
    seen = json.loads(printed.splitlines()[-1])
    check_read(seen, user)
    id, again, alt = seen["published"]
    assert (id, alt) == (again, "A teal wall")
    code, post = status(site, id)
    assert (code, post["body"], post["image"]["alt"]) == (200, "Look #wall", "A teal wall")
    assert (post["created_by"]["username"], post["reply_count"]) == (user, 0)
    assert len(seen["thread"]) == 1
    assert seen["edited"] == "<p>And another reply</p>"
    assert (seen["favourited"], seen["unfavourited"]) == ([True, 0], False)
    assert seen["bookmarks"] == [seen["home"]]
    assert id in seen["found"]
    assert seen["people"] == ["bob"]
    assert ["mention", "bob"] in seen["notifications"]
    name, *pictures = seen["named"]
    assert name == "A new name"
    assert "/media/avatars/" in "".join(pictures) or user == "megalodon"
    assert (seen["deleted"], status(site, seen["thread"][0])[0]) == (404, 404)
    assert seen["ended"] == 401
    if user == "megalodon":  # docs/clients.md says so
        assert seen["detected"] == "Unknown SNS"


def check_read(seen, user):
    """It logged in, and read to the end of the timeline, each post once and the newest first."""
    assert seen["user"] == user
    assert seen["version"].startswith("4.2.0")
    ids = [int(id) for id in seen["timeline"]]
    assert len(set(ids)) == len(ids) >= POSTS + len(USERS)
    assert ids == sorted(ids, reverse=True)
    assert seen["home"] == seen["timeline"][0]


def test_toot_has_a_whole_session(site, python_of_apps, photo, tmp_path):
    program = python_of_apps.with_name("toot")
    environment = {"XDG_CONFIG_HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    login = [program, "login", "-i", site.url]
    session(site, "toot", login, environment, replies="n\n{}\n")

    def toot(*command, code=0):
        done = subprocess.run([program, *command], env=environment, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + (done.stderr if code else "")

    def read(*command):
        return json.loads(toot(*command, "--json"))

    assert "@toot" in toot("whoami")
    assert "μblog" in toot("instance")
    assert read("whois", "bob")["username"] == "bob"
    pages, last = [], []
    while page := read("timelines", "public", "--limit", "20", *last):
        pages += [one["id"] for one in page]
        last = ["--max-id", page[-1]["id"]]
    ids = list(map(int, pages))
    assert len(set(ids)) == len(ids) >= POSTS + len(USERS)
    assert ids == sorted(ids, reverse=True)
    first = pages[0]

    made = read("post", "Look #wall", "--media", str(photo), "--description", "A teal wall")
    code, post = status(site, made["id"])
    assert (code, post["body"], post["image"]["alt"]) == (200, "Look #wall", "A teal wall")
    reply = read("post", "And a reply", "--reply-to", made["id"])
    assert [one["id"] for one in read("thread", made["id"])["descendants"]] == [reply["id"]]
    assert "And a reply" in toot("thread", made["id"])
    assert read("favourite", first)["favourited"] is True
    assert read("bookmark", first)["bookmarked"] is True
    assert first in toot("bookmarks", "--once")
    assert made["id"] in [one["id"] for one in read("search", "wall")["statuses"]]
    notified = [(one["type"], one["account"]["username"]) for one in read("notifications")]
    assert ("mention", "bob") in notified
    toot("notifications")
    toot("mute", "bob")
    assert "bob" in toot("muted")
    toot("unmute", "bob")
    toot("update-account", "--display-name", "A new name", "--avatar", str(photo))
    assert "A new name" in toot("whoami")
    toot("delete", reply["id"])
    assert status(site, reply["id"])[0] == 404
    assert "not found" in toot("status", reply["id"], code=1).lower()
    toot("logout", f"toot@{site.url.partition('//')[2]}")
    assert "not logged in" in toot("auth").lower()
