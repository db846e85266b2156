"""C4: what users write is shown as text on every page."""

from urllib.parse import quote

import pytest
from django.test import Client

from tests.contract.drivers import soup
from ublog.accounts.models import CustomUser
from ublog.blog.models import Post
from ublog.core.text import fold_for_search

HARMLESS = "harmless"
PAYLOADS = [
    "<script>evil()</script>",
    "<img src=x onerror=evil()>",
    "<svg onload=evil()>",
    '" onmouseover="evil()',
    "' onmouseover='evil()",
    "</title><script>evil()</script>",
    "</textarea><script>evil()</script>",
    "</script><script>evil()</script>",
    "--><script>evil()</script>",
    "javascript:evil()",
    "{{ 7|add:7 }}{% now 'Y' %}",
    "{{ 7 * 7 }}{{ request }}",
    "\N{FULLWIDTH LESS-THAN SIGN}script>evil()",
]
PAGES = [
    *("/fbv/posts/", "/cbv/posts/", "/fbv/posts/{post}/", "/cbv/posts/{post}/"),
    *("/fbv/posts/?q={text}", "/cbv/posts/?q={text}", "/accounts/login/?next={text}"),
    *("/posts/{post}", "/@mallory", "/accounts/users/mallory/"),
    *("/admin/blog/post/", "/admin/blog/post/?q={text}", "/admin/blog/post/{post}/change/"),
    *("/admin/accounts/customuser/", "/admin/accounts/customuser/{person}/change/"),
]


@pytest.fixture
def written(person, post, staff):
    """Return a function that sets a text in all fields of Mallory's and returns the PAGES."""
    mallory = person("mallory")
    made = post(mallory)
    client = Client()
    client.force_login(staff, "ublog.accounts.backends.EmailBackend")

    def pages(text: str) -> dict[str, object]:
        Post.objects.filter(pk=made.pk).update(
            body=text, body_folded=fold_for_search(text), image="a.png", image_alt=text
        )
        CustomUser.objects.filter(pk=mallory.pk).update(display_name=text[:50], bio=text)
        of = {"post": made.pk, "person": mallory.pk, "text": quote(text)}
        return {page: soup(client.get(page.format(**of))) for page in PAGES}

    return pages


def skeleton(page):
    """Return the elements of a page, and the names of their attributes."""
    return [(element.name, sorted(element.attrs)) for element in page.find_all(True)]


def contents(page):
    """Return the text of a page, and the values of its attributes."""
    values = [value for element in page.find_all(True) for value in element.attrs.values()]
    return [page.get_text(), *(value for value in values if isinstance(value, str))]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_c4_a_payload_is_shown_as_text(written, payload):
    harmless, evil = written(HARMLESS), written(payload)
    for path in PAGES:
        assert skeleton(evil[path]) == skeleton(harmless[path]), path
        if "next=" not in path:  # a URL of another site is not repeated
            shown = any(HARMLESS in text for text in contents(harmless[path]))
            assert shown == any(payload in text for text in contents(evil[path])), path
        for element in evil[path].find_all(href=True):
            assert not element["href"].startswith("javascript:"), path


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("root", ["/fbv/posts/", "/cbv/posts/"])
def test_c4_a_form_with_errors_repeats_a_payload_as_text(db, payload, root):
    def rejected_form(text):
        response = Client().post(f"{root}new/", {"body": text.ljust(300, "x"), "image_alt": text})
        assert response.status_code == 400
        return soup(response)

    assert skeleton(rejected_form(payload)) == skeleton(rejected_form(HARMLESS))
    assert rejected_form(payload).textarea.text.strip().startswith(payload)


@pytest.mark.parametrize("root", ["/fbv/posts/", "/cbv/posts/"])
def test_c4_links_are_to_the_web_only_and_nofollow(alice, post, root):
    post(alice, 'See https://a.example/"onclick=evil() and javascript:evil() and ftp://b.example')
    [link] = soup(Client().get(root)).article.select("a[rel]")
    assert link["href"] == "https://a.example/"
    assert set(link["rel"]) == {"nofollow", "ugc", "noopener"}
