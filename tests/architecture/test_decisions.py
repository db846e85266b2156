"""docs/adr/README.md lists every decision as its record states it."""

import re

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


def test_the_links_between_documents_lead_to_files():
    """Relative links of the documents and of the papers at the root."""
    documents = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("tests/*.md")]
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in documents
        for target in re.findall(r"\]\((?!\w+:)([^)#\s]+)", prose(path))
        if not (path.parent / target).exists()
    ]
    assert broken == []
