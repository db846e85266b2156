"""Feeds: what readers get, and what they do not; `tests/clients` has readers of others."""

import json
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.test import Client

from tests.pictures import picture
from ublog.accounts.models import CustomUser
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.states import PostState

FORMATS = {"rss": "rss+xml", "atom": "atom+xml", "json": "feed+json"}
ATOM = "{http://www.w3.org/2005/Atom}"
every_format = pytest.mark.parametrize("format", FORMATS)


def content(url):
    response = Client().get(url)
    assert response.status_code == 200
    return response.content


def entries(url):
    """Return the id and the HTML of each entry of a feed."""
    if url.endswith("/json/"):
        items = json.loads(content(url))["items"]
        return [(item["id"], item["content_html"]) for item in items]
    root = ElementTree.fromstring(content(url))
    if url.endswith("/rss/"):
        return [(one.findtext("guid"), one.findtext("description")) for one in root.iter("item")]
    found = root.iter(f"{ATOM}entry")
    return [(one.findtext(f"{ATOM}id"), one.findtext(f"{ATOM}content")) for one in found]


def html(url):
    return [BeautifulSoup(text, "html.parser") for _, text in entries(url)]


def bodies(url):
    return [page.p.text for page in html(url)]


@every_format
def test_a_reader_gets_the_whole_text_as_it_was_written(format, alice, bob):
    text = "1 < 2 & <b>\nA #tea with @bob: https://example.org/?a=1&b=<"
    actions.publish(by=alice, body=text)
    (page,) = html(f"/feeds/{format}/")
    assert page.p.text == text
    assert [br.name for br in page.find_all("br")] == ["br"]
    urls = [f"{settings.SITE_URL}/tags/tea", f"{settings.SITE_URL}/@bob"]
    assert [link["href"] for link in page.find_all("a")] == [*urls, "https://example.org/?a=1&b="]


@every_format
def test_a_picture_comes_with_its_description_type_and_length(format, alice):
    post = actions.publish(by=alice, body="Look", image=picture(), image_alt='A "wall"')
    url = settings.SITE_URL + post.image_info["url"]
    (page,) = html(f"/feeds/{format}/")
    assert (page.img["src"], page.img["alt"], page.img["width"]) == (url, 'A "wall"', "40")
    expected = (url, "image/png", str(post.image.size))
    if format == "json":
        (item,) = json.loads(content("/feeds/json/"))["items"]
        (file,) = item["attachments"]
        assert (file["url"], file["mime_type"], str(file["size_in_bytes"])) == expected
        return
    root = ElementTree.fromstring(content(f"/feeds/{format}/"))
    links = [*root.iter("enclosure"), *root.iterfind(f".//{ATOM}link[@rel='enclosure']")]
    (file,) = [one.attrib for one in links]
    assert (file.get("url") or file["href"], file["type"], file["length"]) == expected


def test_an_entry_of_atom_has_what_the_rfc_requires(alice, post):
    actions.publish(by=alice, body="The first words\nand many others " + "x" * 50)
    post(None)
    root = ElementTree.fromstring(content("/feeds/atom/"))
    anonymous, entry = root.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "The first words and many others…"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "alice"
    assert anonymous.findtext(f"{ATOM}author/{ATOM}name") == "Anonymous"
    assert entry.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}published")
    assert [link.get("rel") for link in root.iterfind(f"{ATOM}link")] == ["alternate", "self"]


def test_an_item_of_rss_has_a_title(post):
    post(None, "1 < 2\nand so on")
    item = ElementTree.fromstring(content("/feeds/rss/")).find("channel/item")
    assert item.findtext("title") == "1 < 2 and so on"


def test_a_title_is_never_empty_however_long_the_first_word_is(post):
    post(None, "漢" * 200)
    root = ElementTree.fromstring(content("/feeds/atom/"))
    assert len(root.findtext(f"{ATOM}entry/{ATOM}title")) == 60


@every_format
def test_the_id_of_an_entry_stays(format, alice, settings):
    made = actions.publish(by=alice, body="Tea")
    ((before, _),) = entries(f"/feeds/{format}/")
    actions.edit(post_id=made.pk, by=alice, body="Coffee")
    alice.username = "alicia"
    alice.save()
    settings.SITE_URL = "https://blog.example.org"
    ((after, text),) = entries(f"/feeds/{format}/")
    assert before == after
    assert "Coffee" in text


def test_an_edit_is_an_update(alice):
    made = actions.publish(by=alice, body="Tea")
    actions.edit(post_id=made.pk, by=alice, body="Coffee")
    root = ElementTree.fromstring(content("/feeds/atom/"))
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}updated") > entry.findtext(f"{ATOM}published")
    assert root.findtext(f"{ATOM}updated") == entry.findtext(f"{ATOM}updated")
    (item,) = json.loads(content("/feeds/json/"))["items"]
    assert item["date_modified"] > item["date_published"]


@every_format
def test_each_feed_has_its_own_posts_newest_first(format, alice, bob):
    first = actions.publish(by=alice, body="A #tea")
    actions.publish(by=bob, body="Coffee")
    actions.publish(by=bob, body="Another #Tea", in_reply_to=first.pk)
    assert bodies(f"/feeds/{format}/") == ["Coffee", "A #tea"]
    assert bodies(f"/feeds/users/BOB/{format}/") == ["Coffee"]
    assert bodies(f"/feeds/tags/TEA/{format}/") == ["Another #Tea", "A #tea"]


@pytest.mark.parametrize("state", PostState)
def test_what_is_not_published_is_in_no_feed(alice, post, state):
    post(alice, "Seen")
    hidden = actions.publish(by=alice, body="A #tea")
    Post.objects.filter(pk=hidden.pk).update(state=state)
    for url in ("/feeds/rss/", "/feeds/users/alice/rss/"):
        assert bodies(url) == ["Seen"]
    assert entries("/feeds/tags/tea/rss/") == []


def test_the_feed_of_a_deleted_author_is_gone(alice, post):
    assert entries("/feeds/users/alice/atom/") == []
    CustomUser.objects.filter(pk=alice.pk).delete()
    for name in ("alice", "nobody", "é", "%00"):
        assert Client().get(f"/feeds/users/{name}/atom/").status_code == 404
    for tag in ("!", "1", "a b"):
        assert Client().get(f"/feeds/tags/{tag}/atom/").status_code == 404


def test_nothing_private_is_in_a_feed(alice, post):
    actions.publish(by=alice, body="Tea")
    for format in FORMATS:
        assert b"example.org" not in content(f"/feeds/{format}/")


@every_format
def test_an_unchanged_feed_is_not_sent_twice(format, alice, django_assert_num_queries):
    made = actions.publish(by=alice, body="A #tea")
    for url in (f"/feeds/{format}/", f"/feeds/users/alice/{format}/", f"/feeds/tags/tea/{format}/"):
        with django_assert_num_queries(1):
            first = Client().get(url)
        assert "Last-Modified" not in first
        assert first["Content-Type"] == f"application/{FORMATS[format]}; charset=utf-8"
        seen = {"If-None-Match": f"W/{first['ETag']}"}
        with django_assert_num_queries(1):
            again = Client().get(url, headers=seen)
        assert (again.status_code, again.content) == (304, b"")
        head = Client().head(url)
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", first["ETag"])
        actions.toggle_like(post_id=made.pk, by=alice)
        assert Client().get(url, headers=seen).status_code == 304
        actions.edit(post_id=made.pk, by=alice, body=f"Another #tea {url}")
        assert Client().get(url, headers=seen).status_code == 200


@every_format
def test_an_empty_feed_stays_the_same(format, db):
    first, second = content(f"/feeds/{format}/"), content(f"/feeds/{format}/")
    assert first == second
    assert entries(f"/feeds/{format}/") == []


def test_a_feed_is_compressed(post):
    post(None, "Tea " * 60)
    for format in FORMATS:
        response = Client().get(f"/feeds/{format}/", headers={"Accept-Encoding": "gzip"})
        assert response["Content-Encoding"] == "gzip"


PAGES = {
    "/": "/feeds/atom/",
    "/fbv/posts/": "/feeds/atom/",
    "/cbv/posts/?tag=tea": "/feeds/tags/tea/atom/",
    "/fbv/posts/?author=alice": "/feeds/users/alice/atom/",
    "/accounts/users/alice/": "/feeds/users/alice/atom/",
    "/@alice": "/feeds/users/alice/atom/",
    "/tags/tea": "/feeds/tags/tea/atom/",
    "/fbv/posts/?author=a/b&tag=a/b": "/feeds/atom/",
    "/nowhere/": "/feeds/atom/",
}


@pytest.mark.parametrize("url", PAGES)
def test_a_reader_finds_the_feed_of_a_page(alice, url):
    actions.publish(by=alice, body="A #tea")
    page = BeautifulSoup(Client().get(url).content, "html.parser")
    links = page.find_all("link", rel="alternate", type=True)
    assert [link["type"] for link in links][:3] == [
        *("application/atom+xml", "application/rss+xml", "application/feed+json")
    ]
    assert links[0]["href"] == PAGES[url]


def test_people_find_out_what_feeds_are(db):
    page = BeautifulSoup(Client().get("/fbv/posts/").content, "html.parser")
    link = page.find("a", string="Feeds")
    about = BeautifulSoup(Client().get(link["href"]).content, "html.parser")
    assert "A reader keeps what it has read" in about.text
    for found in about.main.find_all("a"):
        assert Client().get(found["href"]).status_code == 200
