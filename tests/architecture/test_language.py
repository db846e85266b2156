"""Retired words stay out of the code and the documents, so that readers meet the field's words.

A word is retired when Django, Django REST Framework, Graphene or HTTP has a standard one for it, or
when it makes a sentence hard to read. `docs/glossary.md` has the few words of our own.
"""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.code import ROOT
from tests.architecture.text import text_files

# What readers and users see.
CLEAN = [
    *("ublog", "docs", "tests", "bench", "tools", "deploy", "findings", ".github", ".editorconfig"),
    *(f"frontend/{name}" for name in ("src", "tests", "scripts", "samples", "README.md")),
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "UPGRADING.md", "SECURITY.md"),
    *("CODE_OF_CONDUCT.md", "Makefile", "pyproject.toml"),
]
# Records of decisions keep the words of their day, but new ones do not; nor do migrations change.
PAST = re.compile(r"docs/adr/000\d-|.*/migrations/")
# It lists the words.
THIS = str(Path(__file__).relative_to(ROOT))
# Quoted as they are: names of tests and files, titles of past records, an error of sockets, names
# of cookies and limits, names that a released version has stored or read, kombu's options, and
# Python's `is None`.
QUOTED = re.compile(
    r"`test_\w+`|\[[^\]]+\]\(000\d-[^)]+\)|[\w./-]+\.(?:md|py|ts|jpg)\b|[Cc]onnection refused"
    r'|"(?:__Host-)?sign(?:ed)?_in(?:_address)?"|__Host-signed_in|\bis None\b'
    r"|UBLOG_LIMIT_SIGN_IN\w*|(?:\}|__Host-|ublog_\w+_)signed_in\b|\b(?:data|control)_folder(?:_in|_out)?\b"
    # Names that are stored or configured: a salt, limits, a counter and its label.
    r"|\"(?:ublog\.)?sign[_-]in(?:_address)?\"|counters\.sign_in_failures"
)

# Each word, and what to write instead.
RETIRED = {
    "doors?": "interface",
    "strangers?": "anonymous (user, client); in texts for users: visitor",
    "guests?|newcomers?": "user, or anonymous",
    "refusals?|refusable": "error; the name of the exception",
    "refused": "rejected, denied, is an error; the status, such as: is a 403",
    r"sign(?:s|ed|ing)?[\s_-]*ins?": "log in, login; logged in (sign up stays)",
    r"sign(?:s|ed|ing)?[\s_-]*out": "log out, logout; logged out",
    "answer(?:s|ed|ing)?": "response, respond; of a function: return",
    "folders?": "directory",
    "anew": "again",
    "whoever": "a user who, everybody who, anybody",
    "whatever it": "say what it is",
    "meanwhile": "say when: during the upload, while the lock is held",
    "of ours": "our, or the name of it",
    "as it now is": "current, updated",
    "(?-i:is none)": "is not, does not exist",
    "in turn": "one after the other, alternating",
    "told": "say, send, report, warn, notify",
    "gates?": "middleware, check, or what it checks",
    "leaving": "deleting, deletion (account_deletion)",
    "showing(?!_reblogs)": "rendering, or the name of what renders",
    "LoginNeeded": "NotAuthenticated",
    "TooMany": "RateLimited",
    "(?<!Idempotency)KeyReused": "IdempotencyKeyReused",
    r"(?<![@_])given\(": "query_params.list_params",
    "shown_to": "rows_for",
    r"writer\(": "get_active",
}


def pattern(word: str) -> re.Pattern[str]:
    """Match the word alone, or as a part of a name: `at_the_door`, `DoorMiddleware`."""
    end = "" if word.endswith("(") else "(?![a-z]|(?<=[A-Z])[A-Z])"
    if word[0].isupper():  # a name of the code, as it is written
        return re.compile(f"(?<![A-Za-z]){word}{end}")
    start = r"(?:(?<![A-Za-z])|(?<=[a-z])(?=[A-Z]))"
    return re.compile(rf"{start}(?i:{word}){end}")


@cache
def without_quoted(text: str) -> str:
    """Return the text with spaces in place of what is QUOTED."""
    return QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)


@cache
def clean_texts() -> dict[str, str]:
    """Return the texts to check by their paths."""
    texts = {str(path.relative_to(ROOT)): path.read_text() for path in text_files(CLEAN)}
    return {path: text for path, text in texts.items() if path != THIS and not PAST.match(path)}


def uses(word: str, text: str) -> list[str]:
    """Return the lines with the word, line breaks between words included."""
    text = without_quoted(text)
    spaced = pattern(word.replace(" ", r"\s+"))
    lines = text.splitlines()
    numbers = [text.count("\n", 0, found.start()) for found in spaced.finditer(text)]
    return [f"{number + 1}: {lines[number].strip()}" for number in numbers]


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_stays_out(word):
    found = [f"{path}:{line}" for path, text in clean_texts().items() for line in uses(word, text)]
    assert found == [], f"Instead: {RETIRED[word]}"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("doors?", "all five doors"),
        ("doors?", "test_doors_are_thin"),
        ("refusals?|refusable", "class RefusalsMiddleware:"),
        (r"sign(?:s|ed|ing)?[\s_-]*ins?", "Signed\n    in users"),
        (r"sign(?:s|ed|ing)?[\s_-]*ins?", "def sign_in(self):"),
        (r"sign(?:s|ed|ing)?[\s_-]*ins?", "SignInView, signing-in"),
        ("whoever", "Whoever may"),
        ("TooMany", "raise TooMany(after)"),
        (r"writer\(", "CustomUser.objects.writer(by)"),
    ],
)
def test_a_retired_word_is_found(word, text):
    assert len(uses(word, text)) >= 1


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("doors?", "indoor, Dorothea, outdoors"),
        (r"sign(?:s|ed|ing)?[\s_-]*ins?", "Sign up, sign-up, design, signing, signal"),
        ("gates?", "aggregate, navigate, delegates"),
        ("TooMany", "too many posts"),
        ("TooMany", "FarTooMany"),
        ("answer(?:s|ed|ing)?", "`test_every_answer_has_it`"),
        ("is (?-i:none)", "if value is None"),
        (r"sign(?:s|ed|ing)?[\s_-]*ins?", "SIGNING_KEY, UBLOG_LIMIT_SIGN_IN_ADDRESS"),
        ("refused", "connection refused"),
    ],
)
def test_other_words_are_not(word, text):
    assert uses(word, text) == []


def test_what_is_clean_exists():
    assert [place for place in CLEAN if not (ROOT / place).exists()] == []


def test_the_glossary_has_at_most_fifteen_entries():
    entries = re.findall(r"^\| \*\*(.+?)\*\* \|", (ROOT / "docs/glossary.md").read_text(), re.M)
    assert 10 <= len(entries) <= 15
