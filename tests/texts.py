"""The table of cases of `data/texts.json`: texts, and the links, mentions and tags in them.

Each case is a description, the text, and a list of what is found, in order: its type, its text,
and the username or the tag.
"""

import json
from pathlib import Path

_TABLE = json.loads((Path(__file__).parent / "data" / "texts.json").read_text(encoding="utf-8"))

# The lower-case names of users when the texts are written, and their current usernames.
USERS: dict[str, str] = _TABLE["users"]
CASES: list[tuple[str, str, list[list[str]]]] = [tuple(case) for case in _TABLE["cases"]]
VALUES = {"link": "url", "mention": "username", "tag": "tag"}


def found(segments) -> list[list[str]]:
    """Return the segments that are not text as the table has them."""
    listed = []
    for segment in segments:
        if segment["type"] != "text":
            value = segment[VALUES[segment["type"]]]
            rest = [] if segment["type"] == "link" and value == segment["text"] else [value]
            listed.append([segment["type"], segment["text"], *rest])
    return listed
