"""docs/adr/README.md lists every decision as its record states it, and links lead somewhere."""

import re
from pathlib import Path

from tests.architecture.code import ROOT
from tests.architecture.text import prose

DIRECTORY = ROOT / "docs/adr"
NO_RECORDS = {"README.md", "0006-measurements.md"}
HEAD = re.compile(
    r"# (\d+)\. (.+)\n\n- Date: (\d{4}-\d\d-\d\d)\n- State: ((?:accepted|superseded by).*)\n\n"
)
ROW = re.compile(r"^\| (\d+) \| \[(.+?)\]\((.+?)\) \| (.+?) \| (.+) \|$", re.MULTILINE)


def test_the_index_lists_every_decision_as_its_record_states_it():
    records = [path for path in sorted(DIRECTORY.glob("*.md")) if path.name not in NO_RECORDS]
    stated = []
    for path in records:
        head = HEAD.match(path.read_text())
        assert head, f"{path.name} begins with number, title, date and state."
        number, title, date, state = head.groups()
        assert path.name.startswith(f"{int(number):04}-")
        stated.append((number, title, path.name, date, state))
    assert ROW.findall((DIRECTORY / "README.md").read_text()) == stated


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives to the headings of a document."""
    headings = re.findall(r"^#+ (.+)$", prose(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(path: Path, target: str) -> bool:
    """Whether a relative link of this document names a file, and a heading of it."""
    name, _, anchor = target.partition("#")
    to = path.parent / name if name else path
    return to.exists() and (not anchor or to.suffix != ".md" or anchor in anchors(to))


def test_the_links_between_documents_lead_somewhere():
    places = ("*.md", "docs/**/*.md", "tests/*.md", "bench/*.md", "frontend/*.md")
    documents = [path for place in places for path in ROOT.glob(place)]
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents
        for target in re.findall(r"\]\((?!\w+:)([^)\s]+)", prose(path))
        if not leads_somewhere(path, target)
    ]
    assert broken == []
