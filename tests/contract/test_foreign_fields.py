"""C9: fields that are not the client's to set are ignored or rejected."""

from contextlib import suppress

import pytest

from tests.contract.exceptions import Invalid
from tests.pictures import picture

# GraphQL rejects an unknown argument; the other interfaces ignore an unknown field.
NOT_MINE = {
    "id": "777",
    "pk": "777",
    "created_by": "1",
    "created_by_id": "1",
    "createdBy": "1",
    "created_on": "2001-01-01T00:00:00Z",
    "modified_on": "2001-01-01T00:00:00Z",
    "like_count": "1000",
    "likeCount": "1000",
    "likes": "1",
    "liked": "true",
    "body_folded": "hidden",
    "thumbnail": "pictures/other.png",
    "image_width": "9",
    "can_edit": "true",
    "edited": "true",
    "is_staff": "true",
}


@pytest.mark.parametrize(("field", "value"), NOT_MINE.items())
def test_a_new_post_takes_nothing_but_text_and_picture(
    interface, alice, bob, everything, field, value
):
    before = everything()
    try:
        shown = interface(alice).publish("Mine", **{field: value})
    except Invalid:
        assert everything() == before
        return
    assert shown == interface(alice).read(shown.id)
    assert (shown.author, shown.like_count, shown.liked) == ("alice", 0, False)
    assert (shown.edited, shown.image) == (False, None)
    [stored] = everything()["posts"]
    assert stored["id"] != 777
    assert stored["created_on"] == stored["modified_on"]
    assert stored["created_on"].year > 2001
    assert stored["body_folded"] == "mine"
    assert (stored["thumbnail"], stored["image_width"]) == ("", None)


@pytest.mark.parametrize(("field", "value"), list(NOT_MINE.items())[1:])
def test_an_edit_changes_nothing_but_text_and_picture(
    interface, alice, bob, post, everything, field, value
):
    mine, before = post(alice), everything()
    try:
        shown = interface(alice).edit(mine.pk, **{"body": "Mine", field: value})
    except Invalid:
        assert everything() == before
        return
    assert (shown.id, shown.author, shown.body) == (mine.pk, "alice", "Mine")
    [stored] = everything()["posts"]
    changed = {name for name in stored if stored[name] != before["posts"][0][name]}
    assert changed == {"body", "body_folded", "modified_on"}
    assert stored["modified_on"] > before["posts"][0]["modified_on"]


@pytest.mark.five
def test_a_post_takes_no_picture_by_the_name_of_its_file(interface, alice, bob, everything):
    """Else a post could take, and delete, the picture of another."""
    other = interface(bob).publish("Look", picture())
    name = other.image.removeprefix("/media/")
    for write in (interface(alice).publish, edit_of_new(interface(alice))):
        with suppress(Invalid):
            assert write(body="Mine", image=name).image is None
    assert interface(bob).read(other.id) == other


def edit_of_new(driver):
    id = driver.publish("Mine").id
    return lambda **changes: driver.edit(id, **changes)
