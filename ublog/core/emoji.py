"""Which texts are emoji and nothing else: posts of up to three are shown large.

`lib/isEmoji.ts` of the app has the same pattern, and passes the same tests.
"""

import re

# Symbols with a colour or a tone, joined ones such as families, flags, and keys.
SYMBOL = (
    "[\u231a\u231b\u23e9-\u23f3\u25fd\u25fe\u2600-\u27bf\u2b1b-\u2b55"
    "\U0001f004-\U0001f1e5\U0001f201-\U0001faff]"
)
ONE = f"{SYMBOL}\ufe0f?[\U0001f3fb-\U0001f3ff]?[\U000e0020-\U000e007f]*"
EMOJI = f"(?:{ONE}(?:\u200d{ONE})*|[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3)"
FEW = re.compile(rf"(?:\s*{EMOJI}){{1,3}}\s*")
LONGEST = 60  # characters of three families with white space


def is_emoji(text: str) -> bool:
    """Return whether the text is one to three emoji."""
    return len(text) <= LONGEST and FEW.fullmatch(text) is not None
