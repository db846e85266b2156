"""Previews: what messengers, search engines and other sites show of a page."""

import json
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from tests.picture_files import transparent
from tests.pictures import encoded, picture, upload
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.blog.states import PostState
from ublog.blog.tasks import render
from ublog.core.models import SiteSettings
from ublog.interfaces.previews import sitemaps

IMAGE = ("og:image", "og:image:type", "og:image:width", "og:image:height", "og:image:alt")
DEFAULT = (f"{settings.SITE_URL}/static/preview.jpg", "image/jpeg", "1200", "630", "μblog")
TEXT = "1 < 2 & </script><script>evil()</script>\nA #tea"
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def head(url):
    response = Client().get(url)
    return BeautifulSoup(response.content, "html5lib").head


def meta(page, name):
    """Return the contents of all elements of that name."""
    return [each["content"] for each in page.find_all("meta", {"property": name})]


def embed(url, **parameters):
    return Client().get(f"/oembed/?{urlencode({'url': settings.SITE_URL + url, **parameters})}")


@pytest.fixture
def photo(alice):
    return actions.publish(
        by=alice, body=TEXT, image=picture(), image_alt='A "wall"', language="de"
    )


POST_PAGES = ("/posts/{}", "/fbv/posts/{}/", "/cbv/posts/{}/")


@pytest.mark.parametrize("url", POST_PAGES)
def test_the_preview_of_a_post_has_its_text_and_picture(photo, url):
    page = head(url.format(photo.pk))
    url = settings.SITE_URL + photo.image_info["url"]
    assert [meta(page, name) for name in IMAGE] == [
        [each] for each in (url, "image/png", "40", "30", 'A "wall"')
    ]
    assert meta(page, "og:description") == [TEXT]
    assert meta(page, "og:url") == [f"{settings.SITE_URL}/posts/{photo.pk}"]
    assert page.find("link", rel="canonical")["href"] == meta(page, "og:url")[0]
    assert page.find("meta", {"name": "twitter:card"})["content"] == "summary_large_image"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("url", POST_PAGES)
def test_the_preview_of_a_transparent_picture_is_a_jpeg(alice, media, url):
    file = upload(encoded(transparent((1400, 700))))
    post = actions.publish(by=alice, body="Look", image=file)
    assert meta(head(url.format(post.pk)), "og:image:type") == ["image/webp"]  # until it is made
    render(post.pk)
    page = head(url.format(post.pk))
    address, *rest = [meta(page, name)[0] for name in IMAGE]
    assert rest[:3] == ["image/jpeg", "1280", "640"]
    name = address.removeprefix(settings.SITE_URL + settings.MEDIA_URL)
    with default_storage.open(name) as file, Image.open(file) as image:
        assert (image.format, image.size) == ("JPEG", (1280, 640))
    data = page.find("script", type="application/ld+json").string
    assert json.loads(data)["image"]["url"] == address
    assert len(list(media.rglob("*.*"))) == 4
    actions.edit(post_id=post.pk, by=alice, image=None)
    assert meta(head(url.format(post.pk)), "og:image") == [DEFAULT[0]]
    assert list(media.rglob("*.*")) == []


@pytest.mark.parametrize(
    "url",
    [
        *("/", "/@alice", "/tags/tea", "/login", "/nowhere/", "/feeds/", "/posts/{}"),
        *("/fbv/posts/", "/cbv/posts/{}/", "/fbv/posts/?tag=tea", "/accounts/users/alice/"),
    ],
)
def test_a_preview_has_exactly_one_picture(alice, url):
    post = actions.publish(by=alice, body="A #tea")
    page = head(url.format(post.pk))
    assert tuple(meta(page, name)[0] for name in IMAGE) == DEFAULT
    for name in (*IMAGE, "og:title", "og:description", "og:type"):
        assert len(meta(page, name)) == 1, name
    assert all(each.startswith("http") for each in meta(page, "og:url"))
    assert len(page.find_all("link", rel="canonical")) <= 1


def test_the_picture_of_the_site_is_what_is_said_of_it(db):
    with Image.open(finders.find("preview.jpg")) as image:
        assert (image.format, *map(str, image.size)) == ("JPEG", *DEFAULT[2:4])


def test_a_token_is_in_no_preview(db):
    response = Client().get("/accounts/password-reset/secret-token/")
    assert b"og:url" not in response.content


@pytest.mark.parametrize("url", POST_PAGES)
def test_a_post_is_data_for_search_engines(photo, bob, url):
    reply = actions.publish(by=bob, body="So it is", in_reply_to=photo.pk)
    actions.like(post_id=photo.pk, by=bob)
    script = head(url.format(photo.pk)).find("script", type="application/ld+json")
    assert "<" not in script.string
    data = json.loads(script.string)
    assert (data["@type"], data["text"]) == ("SocialMediaPosting", TEXT)
    assert data["author"]["url"] == f"{settings.SITE_URL}/@alice"
    assert (data["inLanguage"], data["keywords"]) == ("de", ["tea"])
    assert (data["image"]["width"], data["image"]["caption"]) == (40, 'A "wall"')
    assert [each["userInteractionCount"] for each in data["interactionStatistic"]] == [1, 1]
    of_reply = head(url.format(reply.pk)).find("script", type="application/ld+json").string
    assert json.loads(of_reply)["isPartOf"] == data["url"]


# -- oEmbed -------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", POST_PAGES)
def test_another_site_embeds_a_post(photo, url):
    links = head(url.format(photo.pk)).find_all("link", type=True, rel="alternate")
    found = {each["type"]: each["href"].removeprefix(settings.SITE_URL) for each in links}
    data = Client().get(found["application/json+oembed"]).json()
    root = ElementTree.fromstring(Client().get(found["text/xml+oembed"]).content)
    assert {each.tag: each.text or "" for each in root} == {
        name: "" if value is None else str(value) for name, value in data.items()
    }
    assert embed(url.format(photo.pk)).json() == data
    page = BeautifulSoup(data["html"], "html.parser")
    assert page.p.text == TEXT
    names = {each.name for each in page.find_all(True)}
    assert names == {"blockquote", "p", "br", "a", "img", "time"}
    assert (data["type"], data["author_name"], data["thumbnail_width"]) == ("rich", "alice", 40)


def test_an_embedded_post_is_no_wider_than_it_may_be(alice):
    post = actions.publish(by=alice, body="Look", image=picture((800, 400)))
    for most, width in (("400", 400), ("4000", 550)):
        data = embed(f"/posts/{post.pk}", maxwidth=most).json()
        image = BeautifulSoup(data["html"], "html.parser").img
        assert (image["width"], image["height"]) == (str(width), str(width // 2))
        assert data["width"] == width
        assert "thumbnail_url" not in data


def test_what_cannot_be_embedded_is_an_error(alice, post):
    made = actions.publish(by=alice, body="Tea")
    for url in ("/", "/@alice", "/posts/0", "/fbv/posts/", f"/fbv/posts/{made.pk}/edit/", ".evil/"):
        assert embed(url).status_code == 404, url
    assert Client().get(f"/oembed/?url=https://evil.example/posts/{made.pk}").status_code == 404
    assert Client().get("/oembed/").status_code == 400
    for width in ("0", "x", "-1", "1" * 50):
        assert embed(f"/posts/{made.pk}", maxwidth=width).status_code == 400
    assert embed(f"/posts/{made.pk}", format="yaml").status_code == 501
    for state in PostState:
        Post.objects.filter(pk=made.pk).update(state=state)
        assert embed(f"/posts/{made.pk}").status_code == 404


# -- The sitemap --------------------------------------------------------------------------------


def locations(url):
    response = Client().get(url)
    assert response.status_code == 200
    return [each.text for each in ElementTree.fromstring(response.content).iter(f"{SITEMAP}loc")]


def test_the_sitemap_has_posts_that_are_no_replies_and_their_authors(alice, bob, post):
    start = actions.publish(by=alice, body="Tea")
    actions.publish(by=bob, body="Coffee", in_reply_to=start.pk)
    post(bob, "Hidden", state=PostState.HIDDEN)
    anonymous = post(None)
    sections = [f"http://testserver/sitemap-{name}.xml" for name in ("posts", "authors")]
    assert locations("/sitemap.xml") == sections
    posts = [f"{settings.SITE_URL}/posts/{each.pk}" for each in (start, anonymous)]
    assert locations("/sitemap-posts.xml") == posts
    assert locations("/sitemap-authors.xml") == [f"{settings.SITE_URL}/@alice"]
    assert f"Sitemap: {settings.SITE_URL}/sitemap.xml" in Client().get("/robots.txt").text


def test_a_long_sitemap_has_pages(post, monkeypatch, django_assert_num_queries):
    posts = [post(None) for _ in range(5)]
    monkeypatch.setattr(sitemaps.SiteSitemap, "limit", 2)
    with django_assert_num_queries(2):  # counts, and no posts
        assert len(locations("/sitemap.xml")) == 4
    with django_assert_num_queries(2):
        last = locations("/sitemap-posts.xml?p=3")
    assert last == [f"{settings.SITE_URL}/posts/{posts[-1].pk}"]
    for url in ("/sitemap-posts.xml?p=4", "/sitemap-posts.xml?p=x", "/sitemap-x.xml"):
        assert Client().get(url).status_code == 404


# -- What there is ------------------------------------------------------------------------------


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_the_root_of_the_api_lists_what_there_is(db, accept):
    response = Client().get("/api/", headers={"Accept": accept})
    assert response["Content-Type"].startswith(accept)
    urls = Client().get("/api/").json()
    for url in urls.values():
        assert url in response.text
        assert Client().get(url).status_code in (200, 400, 401, 405), url


def test_the_name_of_the_site_is_in_its_previews(alice, monkeypatch):
    monkeypatch.setattr(
        "ublog.core.site_settings.cached", (0.0, SiteSettings(name="Tea & <b>").overrule())
    )
    post = actions.publish(by=alice, body="Hello")
    page = head(f"/posts/{post.pk}")
    assert meta(page, "og:title") == ["alice on Tea & <b>"]
    assert meta(page, "og:site_name") == ["Tea & <b>"]
