"""Feed readers, scrapers, a checker of HTML and browsers without graphics read a live site."""

import json
import re
import shutil
import sqlite3
import subprocess
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.clients.conftest import HERE, leave_out
from tests.pictures import picture
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.interfaces.previews.cards import DEFAULT_SIZE

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "1 < 2 & <b>\nA #tea with @bob"
FORMATS = ("rss", "atom", "json")
CLEANED = re.compile(r"<[^>]+>")


@pytest.fixture
def site(live_server, settings):
    settings.SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def photo(alice, bob, post):
    """Publish two posts, the first one with a picture, and return the first."""
    made = actions.publish(by=alice, body=TEXT, image=picture(), image_alt='A "wall"')
    earlier = timezone.now() - timedelta(minutes=1)
    Post.objects.filter(pk=made.pk).update(created_on=earlier, modified_on=earlier)
    post(None, "Anonymous coffee")
    return made


@pytest.fixture
def seen(python, site, photo):
    """Return what readers.py prints."""
    command = [python, HERE / "readers.py", site, str(photo.pk)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def files_of(photo, site):
    return [site + photo.image_info["url"], "image/png", photo.image.size]


def check_html(html, site):
    """The text is whole, is text, and links to the tag and the user."""
    assert "1 &lt; 2 &amp; &lt;b&gt;" in html
    assert f'href="{site}/tags/tea"' in html
    assert f'href="{site}/@bob"' in html
    assert re.search('<img [^>]*alt="A &quot;wall&quot;"', html)


def test_feedparser_reads_the_feeds(seen, site, photo):
    for format in FORMATS[:2]:  # its release does not parse JSON Feed
        feed = seen["feedparser"][format]
        assert (feed["error"], feed["title"]) == (None, "μblog")
        assert [entry["author"] for entry in feed["entries"]] == ["Anonymous", "alice"]
        entry = feed["entries"][1]
        check_html(entry["html"], site)
        (file,) = entry["files"]
        assert [*file[:2], int(file[2])] == files_of(photo, site)
        assert (entry["link"], entry["tags"]) == (f"{site}/posts/{photo.pk}", ["tea"])


def test_reader_reads_the_feeds_and_asks_by_etag(seen, site, photo):
    ids = []
    for format in FORMATS:
        feed = seen["reader"][format]
        assert "new=2" in feed["first"]
        assert feed["again"] is None, "it is sent again although nothing has changed"
        newest, entry = feed["entries"]
        assert (newest["author"], entry["author"]) == ("Anonymous", "alice")
        check_html(entry["html"], site)
        assert entry["files"] == [files_of(photo, site)]
        ids.append([newest["id"], entry["id"]])
    assert ids[0] == ids[1] == ids[2]


def test_extruct_reads_the_preview_of_a_post(seen, site, photo):
    page, home = seen["extruct"].values()
    properties = dict(page["opengraph"])
    assert len(properties) == len(page["opengraph"]), "a property is there twice"
    assert properties["og:image"] == files_of(photo, site)[0]
    assert properties["og:description"] == TEXT
    (posting,) = page["json_ld"]
    assert (posting["@type"], posting["text"]) == ("SocialMediaPosting", TEXT)
    assert dict(home["opengraph"])["og:image"] == f"{site}/static/preview.jpg"


def test_npm_readers_read_feeds_and_previews(run, site, photo):
    found = json.loads(run("tsx", "readers.ts", site, photo.pk))
    for format, feed in found["feeds"].items():
        newest, item = feed["items"]
        check_html(item["content"], site)
        if format == "rss":  # of Atom it does not read enclosures
            assert item["enclosure"]["url"] == files_of(photo, site)[0]
        assert item["link"] == f"{site}/posts/{photo.pk}"
        assert "Anonymous coffee" in newest["contentSnippet"]
    image = {"url": files_of(photo, site)[0], "type": "image/png", "alt": 'A "wall"'}
    *posts, home = found["pages"].values()
    for page in posts:
        (seen,) = page["ogImage"]
        assert seen == {**image, "width": "40", "height": "30"}
        assert page["ogDescription"] == TEXT
    (seen,) = home["ogImage"]
    assert (int(seen["width"]), int(seen["height"])) == DEFAULT_SIZE


def needs(program):
    """Return the path of a program, or leave the test out; in CI that is a failure."""
    path = shutil.which(program)
    if path is None:
        leave_out(f"{program} is not installed")
    return path


@pytest.mark.parametrize("format", ["rss", "atom"])
def test_newsboat_shows_the_feeds(site, photo, tmp_path, format):
    (tmp_path / "urls").write_text(f"{site}/feeds/{format}/\n")
    (tmp_path / "config").touch()
    cache = tmp_path / "cache.db"
    options = ["-u", tmp_path / "urls", "-c", cache, "-C", tmp_path / "config", "-x", "reload"]
    subprocess.run([needs("newsboat"), *options], check=True, capture_output=True)
    with sqlite3.connect(cache) as database:
        rows = database.execute(
            "SELECT title, author, url, content FROM rss_item ORDER BY pubDate"
        ).fetchall()
    (title, author, url, content), (newest, *_) = rows
    assert (author, url) == ("alice", f"{site}/posts/{photo.pk}")
    assert (title, newest) == ("1 < 2 & <b> A #tea with @bob", "Anonymous coffee")
    check_html(content, site)


PAGES = (
    *("/", "/@alice", "/posts/{}", "/tags/tea", "/feeds/", "/nowhere/", "/source/fbv/"),
    *("/fbv/posts/", "/cbv/posts/", "/fbv/posts/{}/", "/cbv/posts/{}/", "/fbv/posts/new/"),
    *("/fbv/posts/{}/edit/", "/fbv/posts/{}/delete/", "/fbv/posts/?tag=tea", "/fbv/posts/?q=a"),
    *("/fbv/notifications/", "/accounts/profile/", "/accounts/users/alice/", "/accounts/rules/"),
    *("/accounts/email-notifications/", "/accounts/password-change/", "/accounts/email-change/"),
    *("/accounts/profile/delete/", "/accounts/invitations/", "/accounts/site/"),
)
WITHOUT_LOGIN = ("/fbv/posts/", "/fbv/posts/{}/", "/accounts/login/", "/accounts/register/")


def test_every_page_is_valid_html(directory, photo, alice, tmp_path):
    java, member = needs("java"), Client()
    alice.is_staff = alice.is_superuser = True
    alice.save()
    member.force_login(alice)
    pages = [(member, url) for url in PAGES] + [(Client(), url) for url in WITHOUT_LOGIN]
    for number, (client, url) in enumerate(pages):
        response = client.get(url.format(photo.pk), headers={"Accept": "text/html"})
        name = re.sub(r"\W+", "_", url)
        (tmp_path / f"{number}{name}.html").write_bytes(response.content)
    jar = directory / "node_modules/vnu-jar/build/dist/vnu.jar"
    command = [java, "-jar", jar, "--errors-only", *sorted(tmp_path.glob("*.html"))]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stderr == ""


@pytest.mark.parametrize("terminal", ["w3m", "lynx"])
def test_the_timeline_can_be_read_in_a_terminal(photo, tmp_path, terminal):
    page = tmp_path / "page.html"
    page.write_bytes(Client().get("/fbv/posts/").content)
    command = [needs(terminal), "-dump", page]
    environment = {"LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TERM": "dumb"}
    text = subprocess.run(command, env=environment, capture_output=True, text=True).stdout
    for expected in ("μblog", "1 < 2 & <b>", "Anonymous coffee", 'A "wall"', "Like", "Replies"):
        assert expected in text, text
