"""What CONTRIBUTING.md and README.md say about the code is true.

CONTRIBUTING.md lists the files of one behaviour, bookmarks: all of them, and no others. Names that
the two say are in a file are there.
"""

import re
from pathlib import Path

import pytest

from tests.architecture.code import ROOT

RECIPE = (ROOT / "CONTRIBUTING.md").read_text().partition("## How to add a behaviour")[2]
LISTED = re.findall(r"^ +- `(\S+)`$", RECIPE.partition("\n## ")[0], re.MULTILINE)
# Files that tools or others write; a later migration names the one before it.
# The comparison shows what there is, and Mastodon's API has what its apps know: a verb works
# without being in them.
MADE = re.compile(r"/(gen|dist|assets|static|migrations|__pycache__|compare)/|mastodon")


def mentioning(directory: str) -> set[str]:
    """Return the hand-written files of a directory that mention bookmarks."""
    files = (path for path in (ROOT / directory).rglob("*") if path.is_file())
    names = {str(path.relative_to(ROOT)): path for path in files}
    return {
        name
        for name, path in names.items()
        if not MADE.search(name) and b"bookmark" in path.read_bytes().lower()
    }


def test_at_most_31_files_are_listed_and_each_has_to_do_with_bookmarks():
    assert len(LISTED) == len(set(LISTED)) <= 31
    mentions = {name for name in LISTED if b"bookmark" in (ROOT / name).read_bytes().lower()}
    assert set(LISTED) == mentions


def test_no_file_is_missing():
    assert (mentioning("ublog") | mentioning("frontend/src")) - set(LISTED) == set()


# -- Names in files -----------------------------------------------------------------------------

WHERE = (ROOT / "README.md").read_text().partition("## Where to find")[2].partition("\n## ")[0]
FIELD = (ROOT / "CONTRIBUTING.md").read_text().partition("## How to add a field")[2]
# A row of the table, and what is said of one file: from its name to that of the next one.
ROWS = [row for row in WHERE.splitlines() if row.startswith("| ")]
PARTS = re.split(r"(?=`[\w/]+\.(?:py|html)`)", FIELD.partition("\n## ")[0])[1:]
NAME = re.compile(r"`(?:[\w.]+\.)?([A-Za-z_]+)(?:\([^`]*)?`")
PLACES = ["", "ublog", "ublog/interfaces"]
# What is no name in a file: the example, settings of the environment, and commands.
NO_NAME = re.compile(r"place|db_default|UBLOG_\w+|make.*")


def file_of(path: str) -> Path | None:
    return next((file for place in PLACES if (file := ROOT / place / path).is_file()), None)


@pytest.mark.parametrize("text", [*ROWS, *PARTS])
def test_what_is_named_is_in_the_files_that_are_named(text):
    paths = set(re.findall(r"[\w/]+\.(?:py|html)", text))
    files = {path: file_of(path) for path in paths}
    assert None not in files.values(), files
    code = "".join(file.read_text() for file in files.values())
    names = [name for name in NAME.findall(text) if not NO_NAME.fullmatch(name)]
    assert not files or [name for name in names if not re.search(rf"\b{name}\b", code)] == []
