"""Usernames that users cannot choose, since others would take them for those of staff."""

import re

SOUND_LIKE_STAFF = frozenset(
    re.findall(
        r"\w+",
        """
    abuse admin administration administrator help helpdesk hostmaster info mod moderation
    moderator noreply official operator owner postmaster root security siteadmin staff superuser
    support sysadmin sysop system team ublog webmaster
    """,
    )
)
# The digit 1 is read as "i" and as "l".
DIGITS = [str.maketrans("013457", "oieast"), str.maketrans("013457", "oleast")]


def sounds_like_staff(username: str) -> bool:
    """Return whether it is one of SOUND_LIKE_STAFF, without digits or with them as letters."""
    folded = username.casefold().replace("_", "")
    readings = [re.sub(r"\d", "", folded), *(folded.translate(digits) for digits in DIGITS)]
    return any(
        reading in SOUND_LIKE_STAFF or reading.removesuffix("s") in SOUND_LIKE_STAFF
        for reading in readings
    )
