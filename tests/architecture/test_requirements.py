"""docs/requirements.md explains every requirement code in use, and names tests that exist."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest

from tests.architecture.code import ROOT
from tests.architecture.text import prose, text_files

DOCUMENT = ROOT / "docs/requirements.md"
PLACES = [
    *("ublog", "tests", "bench", "docs", "frontend/src", "frontend/tests", "deploy"),
    *("Makefile", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "UPGRADING.md", "SECURITY.md"),
]
# A5, but no part of a word or a number, no hex colour and no key of a keyboard.
CODE = re.compile(r"(?<![\w#&+/.%-])([A-GP][1-9]\d?)(?!\w|\.\d| key\b)")
# "P1 to P13" and "A1…A13" mean those between, too.
RANGE = re.compile(r"\b([A-GP])([1-9]\d?)\b(?: to |…|–)\1([1-9]\d?)\b")
IN_A_NAME = re.compile(r"test_([a-gp][1-9]\d?)_")
# bench/report.py and tests/faults/__main__.py have their codes as strings.
STRING = re.compile(r"""["']([A-GP][1-9]\d?)["']""")
WITH_STRINGS = [ROOT / "bench/report.py", ROOT / "tests/faults/__main__.py"]
# What shows how codes are found is not about requirements.
NOT_THIS = Path(__file__)

ENTRY = re.compile(r"^### ([A-Z]\d+)\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
ITEM = re.compile(r"^- (.*(?:\n  .*)*)", re.MULTILINE)
LINK = re.compile(r"\[([^\]]+)\]\(\.\./([^)#]+)\)")
NOT_YET = "Not yet tested"


def entries() -> dict[str, str]:
    """Return the text of each entry by its code."""
    return dict(ENTRY.findall(DOCUMENT.read_text()))


def items(text: str) -> list[str]:
    """Return the items of an entry's last list, which names its tests."""
    return ITEM.findall(text.strip().rpartition("\n\n")[2])


def codes_in(text: str) -> set[str]:
    """Return the codes that a text for readers names."""
    between = {
        f"{letter}{number}"
        for letter, first, last in RANGE.findall(text)
        for number in range(int(first), int(last) + 1)
    }
    return {*CODE.findall(text), *between}


def codes_of(path: Path) -> set[str]:
    """Return the codes that a file uses: for readers, in names of tests, as strings."""
    found = codes_in(prose(path))
    if path.suffix == ".py":
        found |= {code.upper() for code in IN_A_NAME.findall(path.read_text())}
    return found | set(STRING.findall(path.read_text()) if path in WITH_STRINGS else ())


def named_tests() -> Iterator[tuple[str, str, list[str]]]:
    """Yield code, path of the file and names of functions of each link to a test."""
    for code, text in entries().items():
        for item in items(text):
            if link := LINK.match(item):
                yield code, link[2], re.findall(r"`([^`]+)`", item[link.end() :])


@cache
def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def test_every_code_in_use_has_an_entry():
    used = {
        f"{code} in {path.relative_to(ROOT)}"
        for path in text_files(PLACES)
        if path != NOT_THIS
        for code in codes_of(path) - set(entries())
    }
    assert used == set(), "Explain it in docs/requirements.md."


def test_every_code_of_a_letter_has_one_entry():
    codes = [code for code, _ in ENTRY.findall(DOCUMENT.read_text())]
    assert [code for code, times in Counter(codes).items() if times > 1] == []
    for letter, last in Counter(code[0] for code in codes).items():
        assert {f"{letter}{number}" for number in range(1, last + 1)} <= set(codes)


def test_every_entry_names_its_tests_or_says_that_it_has_none():
    for code, text in entries().items():
        held = [item for item in items(text) if LINK.match(item)]
        missing = [item for item in items(text) if item.startswith(NOT_YET)]
        assert len(held) + len(missing) == len(items(text)) > 0, code
        assert not (held and f"{NOT_YET}." in missing), f"{code} has a test by now"


def test_every_test_that_is_named_exists():
    missing = []
    for code, place, names in named_tests():
        path = ROOT / place
        if not path.is_file():
            missing.append(f"{code}: {place}")
            continue
        functions = functions_of(path) if names else set()
        for name in names:
            if not any(fnmatchcase(function, name) for function in functions):
                missing.append(f"{code}: {place}: {name}")
    assert missing == [], "A test was renamed or removed: correct docs/requirements.md."


def test_every_test_named_after_a_code_is_linked():
    linked = {(code, place) for code, place, _ in named_tests()}
    named = {
        (code.upper(), str(path.relative_to(ROOT)))
        for path in text_files(["tests"])
        if path.suffix == ".py" and path != NOT_THIS
        for code in IN_A_NAME.findall(path.read_text())
    }
    assert named - linked == set(), "Link it in docs/requirements.md."


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("A5: what happens to one cookie", {"A5"}),
        ("as C4, C5 and (G12) say.", {"C4", "C5", "G12"}),
        ("the goals P1 to P3", {"P1", "P2", "P3"}),
        ("# -- B1, B2 ------", {"B1", "B2"}),
        ("press the F1 key; noqa: E501; #A1B2C3; #F00; U+F8; PT017", set()),
        ("UTF8, B2B, v.A1, 3.A4, G0, H7, a5, A100, C4.5", set()),
    ],
)
def test_codes_are_distinguished_from_other_words(text, codes):
    assert codes_in(text) == codes


def test_codes_are_found_in_comments_docstrings_and_names_only(tmp_path):
    path = tmp_path / "some.py"
    path.write_text('"""A1."""\nx = "F40"  # see B2\n\n\ndef test_c3_x():\n    """D4."""\n')
    assert codes_of(path) == {"A1", "B2", "C3", "D4"}
