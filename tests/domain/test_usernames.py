"""User names that others would take for the staff's."""

import pytest

from ublog.accounts.usernames import sounds_like_staff


@pytest.mark.parametrize(
    "name",
    [
        *("admin", "Administrator", "MODERATOR", "root", "support", "ublog", "system", "help"),
        *("security", "postmaster", "admin_", "_a_d_m_i_n_", "admin2026", "adm1n", "4dm1n"),
        *("r00t", "he1p", "5upp0rt", "moderators", "mod", "staff_1"),
    ],
)
def test_these_do(name):
    assert sounds_like_staff(name)


@pytest.mark.parametrize(
    "name", ["alice", "adminton", "roots_and_wings", "helpful", "modern", "user_1a2b3c4d", "1234"]
)
def test_these_do_not(name):
    assert not sounds_like_staff(name)
