"""A post has the language of its text, if its author names one."""

import pytest

from tests.contract.exceptions import Invalid

TAGS = {
    "en": "en",
    " DE ": "de",
    "PT-br": "pt-BR",
    "ZH-hant-tw": "zh-Hant-TW",
    "es-419": "es-419",
    "DE-ch-1996": "de-CH-1996",
    "EN-a-BBBB-x-US": "en-a-bbbb-x-us",
}
BAD = [
    "e",
    "english language",
    "en_US",
    "en-",
    "de-x",
    "123",
    "ё",
    "en\0",
    "en-" + "a" * 40,
    "a" * 5000,
]


@pytest.mark.parametrize(("written", "shown"), TAGS.items())
def test_a_language_is_shown_in_its_usual_case(interface, alice, written, shown):
    id = interface(alice).publish("Hello", language=written).id
    assert [post.language for post in interface().timeline().posts] == [shown]
    assert interface().read(id).language == shown


def test_a_post_may_have_no_language(interface, alice):
    assert interface(alice).publish("Hello").language is None


def test_an_edit_changes_removes_or_keeps_the_language(interface, alice):
    driver = interface(alice)
    id = driver.publish("Hello", language="en").id
    assert driver.edit(id, body="Hallo").language == "en"
    assert driver.edit(id, language="de").language == "de"
    assert driver.edit(id, language="").language is None


@pytest.mark.parametrize("tag", BAD)
def test_what_is_no_language_tag_is_rejected(interface, alice, rejected, tag):
    with rejected(Invalid) as error:
        interface(alice).publish("Hello", language=tag)
    assert list(error.value.fields) == ["language"]
