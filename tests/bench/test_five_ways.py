"""docs/five-ways.md shows the code that runs."""

import pytest

from bench import five_ways
from bench.five_ways import BLOCK, PAGE, PLACES, STYLES, code, figures_block, source, written

ROW = {"database": "postgresql", "operation": "list", "who": "signed in", "target": "graphql"}
ROW |= {"queries": 1, "cpu_us": 2_340.0, "p50_ms": 9.87, "p99_ms": 20.0, "bytes": 7_654}
MACHINE = {"cores": 2, "cpu": "A processor", "date": "2026-01-02T03:04:05", "commit": "abc"}


def test_the_code_on_the_page_is_that_of_the_source():
    page = PAGE.read_text()
    assert written(page, None, ("code",)) == page, "Run `make five-ways`."


def test_the_page_has_the_code_and_the_figures_of_every_operation():
    found = [(kind, operation) for _, kind, operation, _ in BLOCK.findall(PAGE.read_text())]
    found.remove(("plot", "five"))
    assert sorted(found) == sorted((k, o) for k in ("code", "figures") for o in PLACES)


@pytest.mark.parametrize("operation", PLACES)
def test_every_operation_is_shown_in_every_style(operation):
    assert set(PLACES[operation]) == set(STYLES)
    for interface in STYLES:
        assert code(operation, interface).strip()


def test_code_comes_with_its_decorators_and_without_its_indent():
    method = source(five_ways.FILES["rest-viewset"], "PostViewSet.like").splitlines()
    assert method[0].startswith("@")
    assert any(line.startswith("def like(") for line in method)


def test_a_name_that_is_gone_is_told():
    with pytest.raises(LookupError, match="has no vanished"):
        source(five_ways.FILES["fbv"], "vanished")


def test_a_page_with_other_code_is_mended():
    page = "Words\n<!-- code like -->\nold\n<!-- end -->\nmore words\n"
    mended = written(page, None, ("code",))
    assert "old" not in mended
    assert "def like(" in mended
    assert mended.startswith("Words\n")
    assert mended.endswith("\nmore words\n")
    assert written(mended, None, ("code",)) == mended


def test_figures_are_those_of_the_results():
    block = figures_block("list", {"rows": [ROW], "machine": MACHINE})
    row = next(line for line in block.splitlines() if line.startswith("| GraphQL"))
    assert row.endswith("| 1 | 2.3 | 9.9 | 20.0 | 7,654 |")
    assert "postgresql" in block


def test_what_was_not_measured_says_so():
    assert "Not measured yet" in figures_block("list", None)
    assert "not measured" in figures_block("like", {"rows": [ROW], "machine": MACHINE})
