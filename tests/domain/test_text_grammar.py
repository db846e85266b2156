"""Links, mentions and hashtags are found as the table of cases says, in linear time."""

import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.texts import CASES, USERS, found
from ublog.core import text_grammar
from ublog.core.text_grammar import mentioned_names, segments, tags

# Texts that are likely to contain something: single characters hardly ever do.
PIECES = [
    *("@", "＠", "#", "＃", "https://", "http://", "alice", "a.example", "/", "?", ".", "(", ")"),
    *(
        "[",
        "]",
        "日本",
        "ดู",
        "é",
        "\u0301",
        "\ufe0f",
        "\u200d",
        " ",
        "\n",
        "_",
        "1",
        "。",
        "’",
        "&",
    ),
]
pieces = st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8"), max_size=40).map("".join)


@pytest.mark.parametrize(("about", "text", "expected"), CASES, ids=lambda value: str(value)[:40])
def test_a_text_is_cut_into_segments(about, text, expected):
    assert found(segments(text, USERS)) == expected


@given(pieces)
@example("@alice")
@example("")
def test_the_texts_of_the_segments_are_the_text(text):
    cut = segments(text, USERS)
    assert "".join(segment["text"] for segment in cut) == text
    assert all(segment["text"] for segment in cut)
    kinds = [segment["type"] for segment in cut]
    assert ("text", "text") not in set(pairwise(kinds))
    for segment in cut:
        assert (
            set(segment)
            == {"type", "text"}
            | {
                "text": set(),
                "mention": {"username"},
                "tag": {"tag"},
                "link": {"url"},
            }[segment["type"]]
        )


@given(pieces)
def test_each_segment_is_what_it_says(text):
    for segment in segments(text, USERS):
        written = segment["text"]
        match segment["type"]:
            case "link":
                assert segment["url"] == written
                assert written.lower().startswith(("http://", "https://"))
                assert "@" not in written.split("/")[2]
                assert not any(character.isspace() for character in written)
            case "mention":
                assert segment["username"] == USERS[written[1:].lower()]
            case "tag":
                assert segment["tag"] == written[1:]
                assert 0 < len(segment["tag"]) <= text_grammar.MAX_TAG


@given(pieces)
def test_names_and_tags_are_those_of_the_segments(text):
    names, written = mentioned_names(text), tags(text)
    cut = segments(text, {name: name for name in names})
    assert {s["username"] for s in cut if s["type"] == "mention"} == set(names)
    assert list(dict.fromkeys(s["tag"] for s in cut if s["type"] == "tag")) == written


def test_names_are_in_lower_case_and_each_once():
    assert mentioned_names("@Bob @alice @BOB @nobody") == ["bob", "alice", "nobody"]
    assert tags("#Tea #tea #Tea") == ["Tea", "tea"]


HOSTILE = {
    "signs": "@#", "mentions": "@a", "schemes": "https://", "schemes of hosts": "https://a",
    "links": "https://a.b/", "brackets": "https://a.b/((((", "closed": "https://a.b/()",
    "unclosed and closed": "https://a/((]", "cut": "https://a/)", "cut by Japanese": "https://a/日",
    "user information": "https://a:b@", "ports": "https://a:9", "Japanese": "https://日",
    "tags": "#1", "marks": "#\u0301", "marks and @": "\u0301@", "tag and scheme": "#a://",
    "long names": "@" + "a" * 31, "long tags": "#" + "a" * 101, "words": "a", "full stops": ".",
    "domains": "a.", "hyphens": "a-", "paths": "a.b/", "bare paths": " a.b/@a",
    "full width": "＃＠",
}  # fmt: skip


def seconds(text: str) -> float:
    """Return the least CPU that the text took in three attempts; other work cannot lower it."""

    def once() -> float:
        started = time.process_time()
        assert "".join(segment["text"] for segment in segments(text, USERS)) == text
        return time.process_time() - started

    return min(once() for _ in range(3))


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE)
def test_eight_times_the_text_takes_eight_times_the_work_and_not_its_square(piece):
    short, long = (seconds(piece * (size // len(piece)) + " @") for size in (10_000, 80_000))
    assert long < 24 * short + 0.01  # 64 times if it were its square
