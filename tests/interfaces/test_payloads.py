"""C4: what people write is shown as text: on both kinds of pages and in the app's shell."""

import pytest
from django.test import Client

from tests.contract.drivers import soup

PAYLOADS = [
    "<script>evil()</script>",
    "<img src=x onerror=evil()>",
    "<svg onload=evil()>",
    '" onmouseover="evil()',
    "' onmouseover='evil()",
    "</title><script>evil()</script>",
    'https://x.example/"onclick="evil()',
    "javascript:evil()",
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("root", ["/fbv/posts/", "/cbv/posts/", "/posts/"])
def test_c4_a_body_and_a_name_are_text(person, post, payload, root):
    made = post(person("mallory", display_name=payload, bio=payload), payload)
    page = soup(Client().get(f"{root}{made.pk}/" if root != "/posts/" else f"/posts/{made.pk}"))
    assert payload in str(page.title.text) or payload in page.get_text()
    for element in page.find_all(True):
        assert not [name for name in element.attrs if name.startswith("on")]
        assert not element.get("href", "").startswith("javascript:")
        assert element.name != "script" or "evil" not in element.text
