"""A stranger who has a page already is told so, and never that an old one is still good."""

import re

import pytest
from django.conf import settings
from django.test import Client

from ublog.blog import actions
from ublog.blog.models import Post, PostLike
from ublog.interfaces.pages.site import conditional

STYLES = ["/fbv/posts/", "/cbv/posts/"]


@pytest.fixture(params=STYLES)
def style(request):
    return request.param


@pytest.fixture
def stranger(db):
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def fresh():
    """A function that tells whether a page is sent again to whoever has the given one."""

    def ask(client, page, **headers):
        path, etag = page.request["PATH_INFO"], page["ETag"]
        again = client.get(path, headers={"If-None-Match": etag, **headers})
        assert again.status_code in (200, 304)
        assert (again.status_code == 304) == (again.get("ETag") == etag)
        assert (again.content == b"") == (again.status_code == 304)
        return again.status_code == 200

    return ask


def test_the_same_page_is_not_sent_twice(style, stranger, post, fresh, django_assert_num_queries):
    for address in (style, f"{style}{post().pk}/"):
        page = stranger.get(address)
        assert page["Cache-Control"] == "private, no-cache"
        assert "Cookie" in page["Vary"]
        with django_assert_num_queries(1):
            assert not fresh(stranger, page)
        # A web server that compresses makes the ETag a weak one.
        again = stranger.get(address, headers={"If-None-Match": f"W/{page['ETag']}"})
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
    "the author's leaving": lambda post: post.created_by.delete(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_the_page_is_seen_at_once(
    style, stranger, alice, bob, post, fresh, change
):
    shown = post(alice, image="pictures/a.png")
    actions.like(post_id=shown.pk, by=bob)
    pages = [stranger.get(style), stranger.get(f"{style}{shown.pk}/")]
    change(shown)
    assert [fresh(stranger, page) for page in pages] == [True, True]


def test_a_new_post_and_a_deleted_one_change_the_list(style, stranger, post, fresh):
    first = stranger.get(style)
    new = post()
    assert fresh(stranger, first)
    second = stranger.get(style)
    new.delete()
    assert fresh(stranger, second)


def test_a_deleted_post_is_gone_whoever_had_it(style, stranger, post):
    new = post()
    page = stranger.get(f"{style}{new.pk}/")
    new.delete()
    again = stranger.get(f"{style}{new.pk}/", headers={"If-None-Match": page["ETag"]})
    assert again.status_code == 404


def test_a_page_in_other_colours_is_another_page(style, stranger, fresh):
    page = stranger.get(style)
    stranger.cookies["theme"] = "dark"
    assert fresh(stranger, page)


def test_all_strangers_have_the_same_page_and_get_no_cookie(style, stranger, post, fresh):
    for address in (style, f"{style}{post().pk}/"):
        page = stranger.get(address)
        assert not page.cookies
        assert b"csrfmiddlewaretoken" not in page.content
        assert not fresh(Client(), page)


def test_the_form_of_who_has_kept_a_page_still_works(style, stranger, post, fresh):
    page = stranger.get(style)
    form = stranger.get(f"{style}new/").content
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', form)[1].decode()
    assert not fresh(stranger, page)
    answer = stranger.post(f"{style}new/", {"body": "Hello", "csrfmiddlewaretoken": token})
    assert answer.status_code == 302


def test_the_like_of_a_stranger_leads_to_the_log_in_and_back(style, stranger, person, post):
    carol = person("carol", password="correct horse battery")
    address = f"{style}{post(carol).pk}/"
    form = re.search(rb'<form class="like".*?</form>', stranger.get(style).content, re.DOTALL)[0]
    assert b"method" not in form
    [action] = re.findall(rb'action="(\S+)"', form)
    [next] = re.findall(rb'name="next" value="(\S+)"', form)
    page = stranger.get(action.decode(), {"next": next.decode(), "liked": "yes"})
    token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.content)[1].decode()
    login = {"username": carol.email, "password": "correct horse battery"}
    sent = re.search(rb'name="next" value="(\S+)"', page.content)[1].decode()
    answer = stranger.post(
        page.request["PATH_INFO"], {**login, "next": sent, "csrfmiddlewaretoken": token}
    )
    assert (answer.status_code, answer["Location"]) == (302, address)


def test_the_forms_of_a_page_of_ones_own_have_one_token(style, alice, post):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    id = post().pk
    page = browser.get(style).content
    [token] = set(re.findall(rb'name="csrfmiddlewaretoken" value="(\w+)"', page))
    answer = browser.post(f"{style}{id}/like/", {"csrfmiddlewaretoken": token.decode()})
    assert answer.status_code == 302
    assert PostLike.objects.filter(post=id, liked_by=alice).exists()


def test_a_page_without_a_form_makes_no_token(client, db):
    assert settings.CSRF_COOKIE_NAME not in client.get("/accounts/register/sent/").cookies
    assert settings.CSRF_COOKIE_NAME in client.get("/accounts/register/").cookies


def test_what_is_made_for_somebody_is_made_each_time(style, stranger, alice, post):
    signed_in = Client()
    signed_in.force_login(alice)
    assert not signed_in.get(style).has_header("ETag")
    page = stranger.get(style)
    signed_in.get(style, headers={"If-None-Match": page["ETag"]})
    stranger.cookies["messages"] = "anything"
    again = stranger.get(style, headers={"If-None-Match": page["ETag"]})
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
    assert b"from django." in b"".join(response)
