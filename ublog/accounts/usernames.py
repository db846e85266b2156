"""User names that nobody chooses, since others would take them for the staff's."""

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
# "1" is read as either of two letters.
DIGITS = [str.maketrans("013457", "oieast"), str.maketrans("013457", "oleast")]


def sounds_like_staff(username: str) -> bool:
    """Whether the name, by its letters alone or with digits read as letters, is one of these."""
    folded = username.casefold().replace("_", "")
    readings = [re.sub(r"\d", "", folded), *(folded.translate(digits) for digits in DIGITS)]
    return any(
        reading in SOUND_LIKE_STAFF or reading.removesuffix("s") in SOUND_LIKE_STAFF
        for reading in readings
    )
