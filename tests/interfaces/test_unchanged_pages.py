"""Anonymous pages have an ETag: an unchanged page is a 304, and a changed one never is."""

import re

import pytest
from django.conf import settings
from django.test import Client

from tests.contract.drivers import soup
from ublog.blog import actions
from ublog.blog.models import Post, PostLike
from ublog.interfaces.pages.site import conditional

STYLES = ["/fbv/posts/", "/cbv/posts/"]


@pytest.fixture(params=STYLES)
def style(request):
    return request.param


@pytest.fixture
def anonymous(db):
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def is_sent_again():
    """Return a function: whether a client with that page in its cache gets the page again."""

    def ask(client, page, **headers):
        path, etag = page.request["PATH_INFO"], page["ETag"]
        again = client.get(path, headers={"If-None-Match": etag, **headers})
        assert again.status_code in (200, 304)
        assert (again.status_code == 304) == (again.get("ETag") == etag)
        assert (again.content == b"") == (again.status_code == 304)
        return again.status_code == 200

    return ask


def test_the_same_page_is_not_sent_twice(
    style, anonymous, post, is_sent_again, django_assert_num_queries
):
    for url, queries in ((style, 1), (f"{style}{post().pk}/", 2)):
        page = anonymous.get(url)
        assert page["Cache-Control"] == "private, no-cache"
        assert "Cookie" in page["Vary"]
        with django_assert_num_queries(queries):
            assert not is_sent_again(anonymous, page)
        # A web server that compresses a response makes its ETag a weak one.
        again = anonymous.get(url, headers={"If-None-Match": f"W/{page['ETag']}"})
        assert again.status_code == 304


def rename(post):
    post.created_by.display_name = "Somebody else"
    post.created_by.save()


CHANGES = {
    "a like": lambda post: actions.like(post_id=post.pk, by=post.created_by),
    "a like that is taken back": lambda post: PostLike.objects.all().delete(),
    "an edit": lambda post: actions.edit(post_id=post.pk, by=post.created_by, body="Changed"),
    "a rendition": lambda post: Post.objects.filter(pk=post.pk).update(thumbnail="t.webp"),
    "another name of the author": rename,
    "the author's deletion": lambda post: post.created_by.delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_every_change_of_a_page_is_visible_at_once(
    style, anonymous, alice, bob, post, is_sent_again, change
):
    shown = post(alice, image="pictures/a.png")
    actions.like(post_id=shown.pk, by=bob)
    pages = [anonymous.get(style), anonymous.get(f"{style}{shown.pk}/")]
    change(shown)
    assert [is_sent_again(anonymous, page) for page in pages] == [True, True]


def test_a_new_post_and_a_deleted_one_change_the_list(style, anonymous, post, is_sent_again):
    first = anonymous.get(style)
    new = post()
    assert is_sent_again(anonymous, first)
    second = anonymous.get(style)
    new.delete()
    assert is_sent_again(anonymous, second)


def test_a_deleted_post_is_a_404_despite_its_etag(style, anonymous, post):
    new = post()
    page = anonymous.get(f"{style}{new.pk}/")
    new.delete()
    again = anonymous.get(f"{style}{new.pk}/", headers={"If-None-Match": page["ETag"]})
    assert again.status_code == 404


def test_a_page_in_another_theme_is_another_page(style, anonymous, is_sent_again):
    page = anonymous.get(style)
    anonymous.cookies["theme"] = "dark"
    assert is_sent_again(anonymous, page)


def test_all_anonymous_users_get_the_same_page_and_no_cookie(style, anonymous, post, is_sent_again):
    for url in (style, f"{style}{post().pk}/"):
        page = anonymous.get(url)
        assert not page.cookies
        assert b"csrfmiddlewaretoken" not in page.content
        assert not is_sent_again(Client(), page)


def test_a_form_works_while_the_list_is_cached(style, anonymous, post, is_sent_again):
    page = anonymous.get(style)
    form = anonymous.get(f"{style}new/").content
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', form)[1].decode()
    assert not is_sent_again(anonymous, page)
    response = anonymous.post(f"{style}new/", {"body": "Hello", "csrfmiddlewaretoken": token})
    assert response.status_code == 302


def test_an_anonymous_like_leads_to_the_login_page_and_back(style, anonymous, person, post):
    carol = person("carol", password="correct horse battery")
    url = f"{style}{post(carol).pk}/"
    form = re.search(rb'<form class="like".*?</form>', anonymous.get(style).content, re.DOTALL)[0]
    assert b"method" not in form
    [action] = re.findall(rb'action="(\S+)"', form)
    [next] = re.findall(rb'name="next" value="(\S+)"', form)
    page = anonymous.get(action.decode(), {"next": next.decode(), "liked": "yes"})
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content)[1].decode()
    login = {"username": carol.email, "password": "correct horse battery"}
    sent = re.search(rb'name="next" value="(\S+)"', page.content)[1].decode()
    response = anonymous.post(
        page.request["PATH_INFO"], {**login, "next": sent, "csrfmiddlewaretoken": token}
    )
    assert (response.status_code, response["Location"]) == (302, url)


def test_all_forms_of_a_page_have_one_csrf_token(style, alice, post):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    id = post().pk
    page = browser.get(style).content
    [token] = set(re.findall(rb'name="csrfmiddlewaretoken" value="(\w+)"', page))
    response = browser.post(f"{style}{id}/like/", {"csrfmiddlewaretoken": token.decode()})
    assert response.status_code == 302
    assert PostLike.objects.filter(post=id, liked_by=alice).exists()


def test_a_page_without_a_form_sets_no_csrf_cookie(client, db):
    assert settings.CSRF_COOKIE_NAME not in client.get("/accounts/register/sent/").cookies
    assert settings.CSRF_COOKIE_NAME in client.get("/accounts/register/").cookies


def test_the_page_of_a_user_has_no_etag(style, anonymous, alice, post):
    logged_in = Client()
    logged_in.force_login(alice)
    assert not logged_in.get(style).has_header("ETag")
    page = anonymous.get(style)
    logged_in.get(style, headers={"If-None-Match": page["ETag"]})
    anonymous.cookies["messages"] = "anything"
    again = anonymous.get(style, headers={"If-None-Match": page["ETag"]})
    assert (again.status_code, again.has_header("ETag")) == (200, False)


def test_a_release_with_other_code_or_templates_makes_another_etag():
    files = {str(path.relative_to(conditional.PAGES)) for path in conditional.source_files()}
    assert {"classes/posts.py", "functions/posts.py", "site/environment.py"} <= files
    assert {"jinja2/base.html", "jinja2/posts/post.html"} <= files


@pytest.mark.parametrize("path", ["/fbv/posts/", "/cbv/posts/", "/accounts/login/"])
def test_the_footer_links_to_the_source_of_the_page(client, db, path):
    [link] = re.findall(rb'href="(/source/\w+/)"', client.get(path).content)
    response = client.get(link.decode())
    assert response.status_code == 200
    assert "from django." in soup(response).pre.text
