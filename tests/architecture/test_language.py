"""Retired words stay out of the code and the documents, so that readers meet the field's words.

A word is retired when Django, Django REST Framework, Graphene or HTTP has a standard one for it, or
when it makes a sentence hard to read. `docs/glossary.md` has the few words of our own.
"""

import re

import pytest

from tests.architecture.code import ROOT
from tests.architecture.text import text_files

# The goal: everything that a reader of the code or of the documents sees. Once it is clean, CLEAN
# becomes TARGET.
TARGET = ["ublog", "frontend/src", "docs", "README.md", "CONTRIBUTING.md"]


def all_tests_but(directory: str, *names: str) -> list[str]:
    """Return the files of a directory of tests but those of these names."""
    files = sorted((ROOT / "tests" / directory).glob("*.py"))
    return [str(path.relative_to(ROOT)) for path in files if path.stem not in names]


TEMPLATES = sorted((ROOT / "ublog/interfaces/pages/jinja2").rglob("*.html"))
# What is clean already. Add a file or a directory here as soon as it is: it stays clean from then.
CLEAN = [
    *("docs/glossary.md", "docs/requirements.md", "docs/adr/README.md"),
    *("tests/contract", "tests/accounts", "tests/conftest.py"),
    *("README.md", "CONTRIBUTING.md", "tests/README.md", "CODE_OF_CONDUCT.md", ".github"),
    ".editorconfig",
    *("bench", "deploy", "tools/lighthouse.py", "tools/screenshots.py", "tests/bench"),
    *("tests/cluster", "tests/bodies.py", "tests/pictures.py", "tests/postgres.py"),
    *("tests/settings.py", "tests/together.py", "tests/tokens.py"),
    *all_tests_but("architecture", "test_language", "test_bootstrap", "test_surroundings"),
    # Those left out quote texts or names of the product, or of tests/contract, that are not clean.
    *all_tests_but("faults", "test_start"),
    *all_tests_but("interfaces", "test_database_away", "test_graphql", "test_metrics", "test_rest"),
    *("frontend/src", "frontend/README.md", "frontend/samples", "frontend/scripts"),
    *("frontend/tests/components", "frontend/tests/contract", "frontend/tests/mock"),
    *("ublog/interfaces/auth", "ublog/interfaces/rest", "docs/openapi.yaml"),
    *("ublog/interfaces/app", "ublog/interfaces/graphql", "ublog/interfaces/http", "ublog/urls.py"),
    *(f"ublog/interfaces/pages/{name}" for name in ("accounts", "classes", "functions", "site")),
    *("ublog/interfaces/pages/apps.py", "ublog/interfaces/pages/forms.py", "docs/schema.graphql"),
    # All of `jinja2` but posts/post.html.
    *(str(path.relative_to(ROOT)) for path in TEMPLATES if path.name != "post.html"),
    "ublog/interfaces/pages/jinja2/head/post.html",
    *("ublog/accounts", "ublog/blog", "ublog/core/db/compiled_query.py"),
    *("ublog/core", "ublog/conf", "ublog/run", "ublog/operations", "docs/operations.md"),
    *("ublog/settings.py", "ublog/celery.py", "ublog/wsgi.py", "deploy/gunicorn.conf.py"),
    *("tests/backups", "tests/doctor"),
]

# Records of decisions keep the words of their day, but new ones do not; nor do migrations change.
PAST = re.compile(r"docs/adr/000\d-|.*/migrations/")
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
    r"sign(?:s|ed|ing)?[\s_-]*in": "log in, login; logged in (sign up stays)",
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
    "showing": "rendering, or the name of what renders",
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


def uses(word: str, text: str) -> list[str]:
    """Return the lines with the word, line breaks between words included."""
    text = QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)
    spaced = pattern(word.replace(" ", r"\s+"))
    lines = text.splitlines()
    numbers = [text.count("\n", 0, found.start()) for found in spaced.finditer(text)]
    return [f"{number + 1}: {lines[number].strip()}" for number in numbers]


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_stays_out(word):
    found = [
        f"{place}:{line}"
        for path in text_files(CLEAN)
        if not PAST.match(place := str(path.relative_to(ROOT)))
        for line in uses(word, path.read_text())
    ]
    assert found == [], f"Instead: {RETIRED[word]}"


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("doors?", "all five doors"),
        ("doors?", "test_doors_are_thin"),
        ("refusals?|refusable", "class RefusalsMiddleware:"),
        (r"sign(?:s|ed|ing)?[\s_-]*in", "Signed\n    in users"),
        (r"sign(?:s|ed|ing)?[\s_-]*in", "def sign_in(self):"),
        (r"sign(?:s|ed|ing)?[\s_-]*in", "SignInView, signing-in"),
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
        (r"sign(?:s|ed|ing)?[\s_-]*in", "Sign up, sign-up, design, signing, signal"),
        ("gates?", "aggregate, navigate, delegates"),
        ("TooMany", "too many posts"),
        ("TooMany", "FarTooMany"),
        ("answer(?:s|ed|ing)?", "`test_every_answer_has_it`"),
        ("is (?-i:none)", "if value is None"),
        (r"sign(?:s|ed|ing)?[\s_-]*in", "SIGNING_KEY, UBLOG_LIMIT_SIGN_IN_ADDRESS"),
        ("refused", "connection refused"),
    ],
)
def test_other_words_are_not(word, text):
    assert uses(word, text) == []


def test_what_is_clean_exists():
    assert [place for place in [*CLEAN, *TARGET] if not (ROOT / place).exists()] == []


def test_the_glossary_has_at_most_fifteen_entries():
    entries = re.findall(r"^\| \*\*(.+?)\*\* \|", (ROOT / "docs/glossary.md").read_text(), re.M)
    assert 10 <= len(entries) <= 15
