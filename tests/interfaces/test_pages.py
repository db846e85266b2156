"""What the HTML of the pages owes to readers, text browsers and validators."""

import re

import pytest
from django.test import Client

from tests.contract.drivers import soup
from tests.pictures import picture
from ublog.blog import actions

# The HTML standard, section 2.3.5.8, has at most three digits of a second's fraction.
VALID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)")


@pytest.mark.parametrize("url", ["/fbv/posts/", "/accounts/users/alice/", "/accounts/profile/"])
def test_a_time_is_a_valid_one(client, alice, post, url):
    post(alice)
    client.force_login(alice)
    times = soup(client.get(url)).select("time")
    assert [time["datetime"] for time in times if not VALID.fullmatch(time["datetime"])] == []
    assert times


@pytest.mark.parametrize(("alt", "name"), [("", "Picture"), ("A wall", None)])
def test_a_picture_is_a_link_with_a_name(client, alice, alt, name):
    actions.publish(by=alice, body="Look", image=picture(), image_alt=alt)
    link = soup(client.get("/cbv/posts/")).select_one("a.post-image")
    assert (link.get("aria-label"), link.img["alt"]) == (name, alt)


def test_the_brand_is_one_word_without_a_stylesheet(db, client):
    brand = soup(client.get("/fbv/posts/")).select_one("a.brand")
    assert (brand.text, brand["aria-label"]) == ("μblog", "μblog")


@pytest.mark.parametrize("name", ["fbv", "cbv", "accounts"])
def test_the_source_of_a_page_is_a_page_with_title_and_language(db, name):
    page = soup(Client().get(f"/source/{name}/"))
    assert page.html["lang"] == "en"
    assert page.title.text.endswith(".py · μblog")
    assert "from django" in page.pre.text
