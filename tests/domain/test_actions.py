"""What the actions reject themselves, when no form has checked it before."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from tests.pictures import bomb, invalid_image, picture, too_large
from ublog.blog import actions
from ublog.blog.models import Post
from ublog.core.exceptions import NotAuthenticated

ANONYMOUS = AnonymousUser()


@pytest.mark.parametrize("image", [invalid_image, too_large, bomb])
def test_the_action_rejects_an_unacceptable_picture(alice, post, image):
    with pytest.raises(ValidationError) as error:
        actions.publish(by=alice, body="Look", image=image())
    assert set(error.value.message_dict) == {"image"}
    with pytest.raises(ValidationError):
        actions.edit(post_id=post(alice).pk, by=alice, image=image())


@pytest.mark.parametrize("body", ["", " ", None, "a" * 281, "\0", "\ud800", 5])
def test_the_action_rejects_an_unacceptable_text(alice, body):
    with pytest.raises(ValidationError) as error:
        actions.publish(by=alice, body=body)
    assert set(error.value.message_dict) == {"body"}


def test_all_that_is_wrong_is_said_at_once(alice):
    with pytest.raises(ValidationError) as error:
        actions.publish(by=alice, body="", image=too_large(), image_alt="a" * 1001)
    assert set(error.value.message_dict) == {"body", "image", "image_alt"}


def test_an_edit_of_a_post_that_is_deleted_at_the_same_time_finds_no_post(alice, post, monkeypatch):
    mine = post(alice)
    check = Post.check_acceptable

    def deleted_in_between(self):
        check(self)
        Post.objects.filter(pk=mine.pk).delete()

    monkeypatch.setattr(Post, "check_acceptable", deleted_in_between)
    with pytest.raises(Post.DoesNotExist):
        actions.edit(post_id=mine.pk, by=alice, body="Too late")


def test_an_edit_does_not_undo_a_like_or_another_edit(alice, bob, post, monkeypatch):
    mine = post(alice, "As it was", image="pictures/a.png", image_alt="A wall")
    check = Post.check_acceptable

    def liked_in_between(self):
        check(self)
        actions.like(post_id=mine.pk, by=bob)

    monkeypatch.setattr(Post, "check_acceptable", liked_in_between)
    shown = actions.edit(post_id=mine.pk, by=alice, body="Changed")
    mine.refresh_from_db()
    assert (mine.like_count, mine.image_alt) == (1, "A wall")
    assert shown.edited


def test_a_post_that_was_deleted_cannot_be_liked(alice, bob, post):
    gone = post(alice)
    gone.delete()
    for act in (actions.like, actions.unlike, actions.toggle_like):
        with pytest.raises(Post.DoesNotExist):
            act(post_id=1, by=bob)


@pytest.mark.parametrize("act", [actions.edit, actions.delete])
def test_an_anonymous_viewer_is_not_the_author_of_a_post_without_an_author(post, act):
    """None == None is how anybody could delete such a post."""
    nobodys = post(None)
    with pytest.raises(NotAuthenticated):
        act(post_id=nobodys.pk, by=ANONYMOUS)
    assert not nobodys.editable_by(ANONYMOUS)


def test_staff_is_not_the_author_either(post, staff):
    with pytest.raises(PermissionDenied):
        actions.edit(post_id=post(None).pk, by=staff, body="Changed")


def test_an_action_returns_the_post_as_its_viewer_sees_it_afterwards(alice, bob, post):
    mine = post(alice)
    actions.like(post_id=mine.pk, by=bob)
    for act, seen in [
        (lambda: actions.like(post_id=mine.pk, by=alice), (2, True)),
        (lambda: actions.edit(post_id=mine.pk, by=alice, body="Changed"), (2, True)),
        (lambda: actions.unlike(post_id=mine.pk, by=alice), (1, False)),
        (lambda: actions.toggle_like(post_id=mine.pk, by=alice), (2, True)),
    ]:
        shown = act()
        assert (shown.like_count, shown.liked) == seen


def test_a_post_keeps_its_moment_when_it_is_edited(alice, post):
    mine = post(alice)
    shown = actions.edit(post_id=mine.pk, by=alice, body="Changed")
    assert shown.created_on == mine.created_on
    assert shown.modified_on > shown.created_on


def test_a_new_picture_needs_a_new_description_only_if_one_is_given(alice):
    mine = actions.publish(by=alice, body="Look", image=picture((9, 9)), image_alt="A wall")
    shown = actions.edit(post_id=mine.pk, by=alice, image=picture((8, 4)))
    assert (shown.image_alt, shown.image_width, shown.image_height) == ("A wall", 8, 4)
