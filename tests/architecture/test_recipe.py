"""CONTRIBUTING.md lists the files of one behaviour, bookmarks: all of them, and no others."""

import re

from tests.architecture.code import ROOT

RECIPE = (ROOT / "CONTRIBUTING.md").read_text().partition("## How to add a behaviour")[2]
LISTED = re.findall(r"^ +- `(\S+)`$", RECIPE.partition("\n## ")[0], re.MULTILINE)
# Files that tools or others write; a later migration names the one before it.
MADE = re.compile(r"/(gen|dist|assets|static|migrations|__pycache__)/")


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
