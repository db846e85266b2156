"""docs/five-ways.md shows the code that runs."""

import re

import pytest

from bench.five_ways import BLOCK, PAGE, figures_block, written
from ublog.interfaces.compare import code as needs
from ublog.interfaces.compare import counts
from ublog.interfaces.compare.code import count, source
from ublog.interfaces.compare.counts import besides, code, elsewhere, lines
from ublog.interfaces.compare.operations import INTERFACES, MEASURED, PLACES

NAMED = re.compile(r"`(\w+)` (\d+)")
ROW = {"database": "postgresql", "operation": "list", "who": "logged in", "target": "graphql"}
ROW |= {"queries": 1, "cpu_us": 2_340.0, "p50_ms": 9.87, "p99_ms": 20.0, "bytes": 7_654}
MACHINE = {"cores": 2, "cpu": "A processor", "date": "2026-01-02T03:04:05", "commit": "abc"}


def test_the_code_on_the_page_is_that_of_the_source():
    page = PAGE.read_text()
    assert written(page, None, ("code", "lines")) == page, "Run `make five-ways`."


def test_the_page_has_the_code_and_the_figures_of_every_operation():
    found = [(kind, operation) for _, kind, operation, _ in BLOCK.findall(PAGE.read_text())]
    found.remove(("plot", "five"))
    found.remove(("lines", "five"))
    assert sorted(found) == sorted((k, o) for k in ("code", "figures") for o in MEASURED)


@pytest.mark.parametrize("operation", PLACES)
def test_every_operation_is_shown_in_every_style(operation):
    assert set(PLACES[operation]) == set(INTERFACES)
    for interface in INTERFACES:
        assert code(operation, interface).strip()


def test_code_comes_with_its_decorators_and_without_its_indent():
    method = source(INTERFACES["rest-viewset"].path, "PostViewSet.like").splitlines()
    assert method[0].startswith("@")
    assert any(line.startswith("def like(") for line in method)


def test_a_name_that_is_gone_is_an_error():
    with pytest.raises(LookupError, match="has no vanished"):
        source(INTERFACES["fbv"].path, "vanished")


def test_a_page_with_other_code_is_written_again():
    page = "Words\n<!-- code like -->\nold\n<!-- end -->\nmore words\n"
    changed = written(page, None, ("code",))
    assert "old" not in changed
    assert "def like(" in changed
    assert changed.startswith("Words\n")
    assert changed.endswith("\nmore words\n")
    assert written(changed, None, ("code",)) == changed


def test_figures_are_those_of_the_results():
    block = figures_block("list", {"rows": [ROW], "machine": MACHINE})
    row = next(line for line in block.splitlines() if line.startswith("| GraphQL"))
    assert row.startswith("| GraphQL with Graphene | {} | {} |".format(*lines("list", "graphql")))
    assert row.endswith("| 1 | 2.3 | 9.9 | 20.0 | 7,654 |")
    assert "postgresql" in block


def test_a_missing_measurement_is_named():
    assert "Not measured yet" in figures_block("list", None)
    assert "not measured" in figures_block("like", {"rows": [ROW], "machine": MACHINE})


def test_the_lines_of_an_operation_count_all_that_it_needs():
    found = {one.name: one.path for one in besides("list", "cbv")}
    assert found["ConditionalPageMixin"] == "ublog/interfaces/pages/site/conditional.py"
    assert found["render_conditional"] == "ublog/interfaces/pages/site/conditional.py"
    every, own = lines("list", "cbv")
    assert every == own + sum(one.lines() for one in besides("list", "cbv"))


def test_what_needs_something_of_another_module_needs_what_that_needs(tmp_path, monkeypatch):
    files = {
        "a.py": "from ublog.interfaces.b import Base as B\nfrom ublog.interfaces import c\n"
        "from ublog.blog import actions\n\n\nclass View(B):\n    x = 1\n\n"
        "    def get(self):\n        return actions.like(c.helper)\n",
        "b.py": "LIMIT: int = 5\n\n\nclass Base:\n    limit = LIMIT\n\n\nclass Other:\n    pass\n",
        "c.py": "def helper():\n\n    return other()\n\n\ndef other(): ...\n",
    }
    for name, text in files.items():
        path = tmp_path / "ublog/interfaces" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.setattr(needs, "ROOT", tmp_path)
    for cached in (needs.parsed, needs.scope):
        monkeypatch.setattr(needs, cached.__name__, cached.__wrapped__)
    found = sorted(needs.needed("ublog/interfaces/a.py", ["View.get"]))
    assert [(one.path[-4:], one.name, one.lines()) for one in found] == [
        ("b.py", "Base", 2),
        ("b.py", "LIMIT", 1),
        ("c.py", "helper", 2),
        ("c.py", "other", 1),
    ]


def test_what_several_protocols_need_is_no_part_of_a_style():
    assert "list_params" in {one.name for one in counts.shared()}
    for interface in INTERFACES:
        assert not {one.name for one in elsewhere(interface)} & {"list_params", "idempotency_key"}


def test_what_the_page_lists_exists():
    page = PAGE.read_text()
    listed = re.findall(r"\]\(\.\./(ublog/\S+?\.py)\): ((?:`\w+` \d+(?:, )?)+)", page)
    names = [(path, name, int(n)) for path, text in listed for name, n in NAMED.findall(text)]
    assert len(names) > 100
    for path, name, number in names:
        assert count(source(path, name)) == number
