"""What is in a text: links, mentions and hashtags, delivered as segments.

This is the only place that parses what users write. Interfaces, the app and mails print segments.
docs/texts.md states the rules, and how they differ from those of twitter-text and linkify-it.

Every function takes time in proportion to the length of the text: each candidate looks only at the
characters up to the next one, and no regular expression backtracks.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple, NotRequired, TypedDict
from unicodedata import category, name

from ublog.core.text import fold

MAX_TAG = 100  # code points
MAX_TAG_KEY = 200  # code points: folding makes up to 18 of one
MAX_USERNAME = 30  # characters
MAX_PORT = 65_535  # RFC 9293, section 3.1

Kind = Literal["text", "mention", "tag", "link"]
KINDS: tuple[Kind, ...] = ("text", "mention", "tag", "link")


class Segment(TypedDict):
    """A part of a text. The texts of all segments, put together, are the whole text.

    A mention has the current `username`, a tag the `tag` as written without its sign, a link the
    `url`.
    """

    type: Kind
    text: str
    username: NotRequired[str]
    tag: NotRequired[str]
    url: NotRequired[str]


class Part(NamedTuple):
    """Where a mention, a tag or a link is in a text."""

    type: Kind
    start: int
    end: int


def has_signs(text: str) -> bool:
    """Return whether the text may contain anything but text: most texts do not."""
    return "@" in text or "#" in text or "://" in text or "＠" in text or "＃" in text  # noqa: RUF001


def segments(text: str, usernames: Mapping[str, str]) -> list[Segment]:
    """Return the segments of a text.

    `usernames` maps the lower-case name of each mention to the current username of its user. A
    name that it does not have is text.
    """
    if not has_signs(text):
        return [{"type": "text", "text": text}] if text else []
    found: list[Segment] = []
    done = 0
    for part in parts(text):
        segment = _segment(part, text[part.start : part.end], usernames)
        if segment is None:
            continue
        if part.start > done:
            found.append({"type": "text", "text": text[done : part.start]})
        found.append(segment)
        done = part.end
    if done < len(text):
        found.append({"type": "text", "text": text[done:]})
    return found


def _segment(part: Part, text: str, usernames: Mapping[str, str]) -> Segment | None:
    if part.type == "link":
        return {"type": "link", "text": text, "url": text}
    if part.type == "tag":
        return {"type": "tag", "text": text, "tag": text[1:]}
    username = usernames.get(text[1:].lower())
    return {"type": "mention", "text": text, "username": username} if username else None


def mentioned_names(text: str) -> list[str]:
    """Return the names that the text mentions, in lower case, each once, in their order.

    Whether there is a user of that name is not known here.
    """
    return list(dict.fromkeys(one.lower() for one in _values("mention", text)))


def tags(text: str) -> list[str]:
    """Return the tags of the text as written, without their signs, each once, in their order."""
    return list(dict.fromkeys(_values("tag", text)))


def tag_key(tag: str) -> str:
    """Return by what tags are compared: folded, and at most MAX_TAG_KEY code points of it."""
    return fold(tag)[:MAX_TAG_KEY]


def parse_tag(text: str) -> str | None:
    """Return the tag that a text is, with or without its sign; None if it is something else."""
    written = text if text.startswith(("#", "＃")) else f"#{text}"  # noqa: RUF001
    is_tag = len(written) <= MAX_TAG + 1 and tag_end(written, 0) == len(written)
    return written[1:] if is_tag else None


def _values(kind: Kind, text: str) -> Iterator[str]:
    if has_signs(text):
        yield from (text[part.start + 1 : part.end] for part in parts(text) if part.type == kind)


# -- The grammar -------------------------------------------------------------------------------

# Where a mention, a tag or a link may begin; or a path of a host without a scheme, in which nothing
# begins: example.org/@alice is somebody of another site.
START = re.compile(
    r"""
    [@＠#＃]
    | https?://
    | (?<![\w.-]) [\w-]++ (?:\.[\w-]++)++ / [!-~]*+
    """,  # noqa: RUF001
    re.VERBOSE | re.IGNORECASE,
)


def parts(text: str) -> Iterator[Part]:
    """Yield the links and tags of a text, and what are mentions if there are such users."""
    position = 0
    while found := START.search(text, position):
        start, position = found.span()
        kind: Kind = "text"
        end: int | None = None
        if found[0] in ("@", "＠"):  # noqa: RUF001
            kind, end = "mention", mention_end(text, start)
        elif found[0] in ("#", "＃"):  # noqa: RUF001
            kind, end = "tag", tag_end(text, start)
        elif found[0].endswith("://"):
            kind = "link"
            end, position = link_end(text, start, position)
        if end is not None:
            yield Part(kind, start, end)
            position = max(position, end)


def character_before(text: str, index: int) -> str:
    """Return the last character before the index that is not a mark; "" at the start.

    Also "" for an emoji or keycap, which ends with a variation selector or an enclosing mark.
    """
    while index:
        index -= 1
        character = text[index]
        kind = category(character)
        if kind[0] != "M":
            return character
        if kind == "Me" or "\ufe00" <= character <= "\ufe0f":
            return ""
    return ""


# -- Mentions

USERNAME = re.compile(rf"[A-Za-z0-9_]{{1,{MAX_USERNAME}}}+(?![A-Za-z0-9_@＠]|://)")  # noqa: RUF001
# A mention next to one of these is no mention: it is a part of an e-mail address or of a word.
ALPHABETS = ("LATIN ", "FULLWIDTH LATIN ", "GREEK ", "CYRILLIC ")
BEFORE_NO_MENTION = "_!#$%&*@＠＃"  # noqa: RUF001


def in_word(character: str) -> bool:
    """Return whether a name that touches the character would be a part of its word.

    True for digits and for letters of alphabets that e-mail addresses are written in. Scripts
    without spaces, and prefixes or suffixes of Arabic, Hebrew or Korean, touch a name.
    """
    kind = category(character)
    return kind == "Nd" or (kind[0] == "L" and name(character, "").startswith(ALPHABETS))


def mention_end(text: str, start: int) -> int | None:
    """Return the end of the mention whose sign is at `start`; None if nothing begins there."""
    found = USERNAME.match(text, start + 1)
    if found is None:
        return None
    before, after = character_before(text, start), text[found.end() : found.end() + 1]
    if before and (before in BEFORE_NO_MENTION or in_word(before)):
        return None
    if after and (category(after)[0] == "M" or in_word(after)):
        return None
    return found.end()


# -- Hashtags

# What belongs to a tag besides letters, marks and digits: the low line; zero width joiners, of
# Persian and Sinhala; middle dots, of Catalan and of Japanese names; Hebrew maqaf, geresh and
# gershayim; Tibetan tsheg; the wave dashes, iteration and sound marks of Japanese; a Cyrillic mark.
TAG_SIGNS = frozenset(
    "_\u00b7\u200c\u200d\u05be\u05f3\u05f4\u0f0b\u0f0c\u3003\u301c\u309b\u309c\u30a0\u30fb\ua67e\uff5e"
)
# These only join: they are no part of the ends of a tag.
TAG_JOINERS = "\u00b7\u30fb\u301c\uff5e"
AFTER_NO_TAG = ("#", "＃", "://")  # noqa: RUF001
KEYCAP = ("\ufe0f", "\u20e3")


def in_tag(character: str) -> bool:
    """Return whether a tag may contain the character."""
    kind = category(character)
    return kind[0] in "LM" or kind == "Nd" or character in TAG_SIGNS


def tag_end(text: str, start: int) -> int | None:
    """Return the end of the hashtag whose sign is at `start`; None if nothing begins there."""
    before = character_before(text, start)
    is_inside = before in TAG_SIGNS and before not in TAG_JOINERS
    if before and (before == "&" or category(before)[0] in "LN" or is_inside):
        return None
    end = start + 1
    if text.startswith((*KEYCAP, *TAG_JOINERS), end):
        return None
    while end < len(text) and in_tag(text[end]):
        end += 1
    while text[end - 1] in TAG_JOINERS:
        end -= 1
    if end - start - 1 > MAX_TAG or text.startswith(AFTER_NO_TAG, end):
        return None
    return end if any(category(one)[0] == "L" for one in text[start + 1 : end]) else None


# -- Links

# A link ends before white space, controls, quotation marks, characters without a glyph, dashes of
# sentences, full-width brackets and punctuation (but not their letters, such as 々).
_ENDS = (
    r"\s\x00-\x20\x7f-\xa0<>\"`\\\u00ab\u00bb\u061c\u180e\u200b\u200e\u200f\u2014\u2015"
    r"\u201c-\u201f\u2026\u2028-\u202e\u2039\u203a\u2060-\u206f\u3000-\u3004\u3008-\u3020\u3030"
    r"\u303d-\u303f\ufe10-\ufe19\ufe30-\ufe6f\ufeff\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40"
    r"\uff5b-\uff65\ufff0-\uffff\ud800-\udfff"
)
LINK_EXTENT = re.compile(rf"[^{_ENDS}]*+")
AUTHORITY = re.compile(rf"[^{_ENDS}/?#]*+")
# ASCII letters, digits, hyphen, full stop, low line; and what an internationalized name may have.
HOST = re.compile(rf"[^{_ENDS}\x00-,/:-@\[-^`{{-\x7f\u2019]*+")
# A run of a path in which nothing needs a look, and one character that does.
PLAIN_PATH = re.compile(rf"[^{_ENDS}()\[\]{{}}\x80-\U0010ffff]*+")
PATH_SIGN = re.compile(rf"[^{_ENDS}]")
PORT = re.compile(r":([0-9]++)")
# Letters of scripts that are written without spaces, and of Korean, which has its particles
# right after a word: such a letter after an ASCII URL belongs to the sentence.
_SPACELESS = (
    "\u0e00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u2fdf\u3005-\u3007\u3021-\u302f"
    "\u3031-\u303c\u3040-\u318f\u31a0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97f\ua9e0-\ua9ff"
    "\uaa60-\uaa7f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001aff0-\U0001b16f\U00020000-\U0003ffff"
)
SPACELESS = re.compile(f"[{_SPACELESS}]")
# Emoji and other symbols. A path ends before them; a host may have them, but not right after a
# name in ASCII that is whole by itself.
SYMBOL = re.compile("[\u20a0-\u2bff\U0001f000-\U0001faff]")
_NO_HOST = "\u00a1-\u00b6\u00b8-\u00bf\u2010-\u2bff\u2e00-\u2e7f\U0001f000-\U0001faff"
SENTENCE_AFTER_HOST = re.compile(f"(?<=[0-9A-Za-z])[{_SPACELESS}{_NO_HOST}]")
CLOSING = {"(": ")", "[": "]", "{": "}"}
TRAILING = ".,;:!?'*"


def link_end(text: str, start: int, authority: int) -> tuple[int | None, int]:
    """Return the end of the link at `start`, and where to look for what comes next.

    Its authority (RFC 3986) is at the index of that name. The end is None if it is no link: it has
    no valid host, or it has user information, which can make a link look like one to another site.
    What is left of it contains no mention, tag or link then.
    """
    before = character_before(text, start)
    is_inside = bool(before) and (before == "_" or in_word(before))
    has_user = "@" in AUTHORITY.match(text, authority)[0]  # type: ignore[index]
    end, is_complete = host_end(text, authority)
    port = PORT.match(text, end) if is_complete else None
    is_bad_port = port and (len(port[1]) > 5 or int(port[1]) > MAX_PORT)
    if is_inside or has_user or not end or text.startswith("%", end) or is_bad_port:
        return None, LINK_EXTENT.match(text, authority).end()  # type: ignore[union-attr]
    end = port.end() if port else end
    if is_complete and text.startswith(("/", "?", "#"), end):
        return path_end(text, end)
    return end, end


def host_end(text: str, start: int) -> tuple[int, bool]:
    """Return the end of the host at `start`, 0 for an invalid one, and whether more may follow it.

    More does not follow where the host ends at a letter of the sentence, or at its full stop.
    """
    host: str = HOST.match(text, start)[0]  # type: ignore[index]
    found = SENTENCE_AFTER_HOST.search(host)
    if found and "." in host[: found.start()]:
        host = host[: found.start()]
        is_complete = False
    else:
        is_complete = not host.endswith("..")
        follows = text.startswith(("/", "?", "#", ":"), start + len(host))
        host = host if host.endswith(".") and is_complete and follows else host.rstrip(".")
    labels = host.removesuffix(".").split(".")
    if all(map(is_label, labels)):
        return start + len(host), is_complete
    return 0, False


def is_label(label: str) -> bool:
    """Return whether it may be a part of a host name (RFC 5891, section 4.2.3.1)."""
    return label.strip("_-") != "" and not label.startswith("-") and not label.endswith("-")


def path_end(text: str, start: int) -> tuple[int, int]:
    """Return the end of the path, query and fragment at `start`, and how far it was looked for."""
    is_ascii = True
    opened: list[int] = []
    index = start
    while True:
        index = PLAIN_PATH.match(text, index).end()  # type: ignore[union-attr]
        found = PATH_SIGN.match(text, index)
        if found is None:
            break
        mark = found[0]
        if mark in CLOSING:
            opened.append(index)
        elif mark in ")]}":
            if not opened or CLOSING[text[opened[-1]]] != mark:
                break
            opened.pop()
        elif SYMBOL.match(mark) or (is_ascii and SPACELESS.match(mark)):
            break
        is_ascii = is_ascii and mark.isascii()
        index += 1
    end = opened[0] if opened else index
    while is_trailing(text[end - 1]):
        end -= 1
    return end, index


def is_trailing(character: str) -> bool:
    """Return whether it belongs to the sentence at the end of a URL: punctuation."""
    return character in TRAILING or (not character.isascii() and category(character)[0] == "P")
