"""Whose request it is: the address that a trusted proxy saw, and no other."""

import pytest

from ublog.core.observability.middleware import address_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", ""),
        (1, "203.0.113.9:49152", "203.0.113.9"),
        (1, "6.6.6.6, [2001:db8::9]:49152", "2001:db8::9"),
        (1, "[2001:db8::9]", "2001:db8::9"),
        (1, "2001:db8::9", "2001:db8::9"),
    ],
)
def test_a_forged_header_changes_nobody(settings, rf, proxies, forwarded, seen):
    settings.TRUSTED_PROXIES = proxies
    request = rf.get("/", headers={"X-Forwarded-For": forwarded})
    assert address_of(request) == seen
