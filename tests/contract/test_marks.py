"""What holds for each mark of `records.MARKS`, such as a like."""

import pytest

from tests.contract.records import MARKS
from ublog.blog.account_deletion import delete_account
from ublog.blog.models import Post, PostMark


@pytest.mark.five
@pytest.mark.parametrize(("mark", "field"), MARKS.items(), ids=MARKS)
def test_a_mark_is_set_taken_back_and_toggled(interface, bob, post, mark, field):
    id = post().pk
    verbs = (mark, mark, f"toggle_{mark}", f"toggle_{mark}", f"un{mark}", f"un{mark}")
    shown = [getattr(interface(bob), verb)(id) for verb in verbs]
    assert [getattr(post, field) for post in shown] == [True, True, False, True, False, False]


@pytest.mark.parametrize(("mark", "field"), MARKS.items(), ids=MARKS)
def test_a_mark_is_shown_as_set_to_its_user_alone(interface, alice, bob, post, mark, field):
    id, other = post(alice).pk, post(alice).pk
    getattr(interface(bob), mark)(id)
    for user in (bob, alice, None):
        driver = interface(user)
        shown = {each.id: getattr(each, field) for each in driver.timeline().posts}
        assert shown == {id: user == bob, other: False}
        assert getattr(driver.read(id), field) == (user == bob)


@pytest.mark.parametrize("mark", PostMark.__subclasses__(), ids=lambda mark: mark.LIMIT)
def test_marks_go_with_their_post_and_with_their_user(interface, alice, bob, post, mark):
    ids = [post(alice).pk for _ in range(3)]
    mark.objects.bulk_create(mark(post_id=id, **{mark.USER: bob}) for id in ids)
    interface(alice).delete(ids[0])
    assert mark.objects.count() == 2
    bob.set_password("correct horse battery")
    bob.save()
    delete_account(by=bob, password="correct horse battery", posts="keep")
    assert (mark.objects.count(), Post.objects.count()) == (0, 2)
