"""What holds for each mark of `records.MARKS`, such as a like."""

import pytest

from tests.contract.records import MARKS


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
