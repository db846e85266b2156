"""The tutorial runs as its pages say, and its pages show the code that runs.

Each command of a page runs in a copy of `docs/tutorial`, in the order of the pages, and must print
what the page says. The steps are held together by the tutorial's own contract, which is step 7.
"""

import ast
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from itertools import accumulate
from pathlib import Path

import pytest

from tests.architecture.code import ROOT

TUTORIAL = ROOT / "docs" / "tutorial"
PAGES = [TUTORIAL / "README.md", *sorted(TUTORIAL.glob("[1-7]-*/README.md"))]
BLOCK = re.compile(r"^```(\w+)\n(.*?)\n```$", re.MULTILINE | re.DOTALL)
# What is new in a step, its page shows in full.
WHOLE = ["views.py", "schema.py", "tests.py", "links_as_functions.py", "links_as_classes.py"]
NOT_WHOLE = ["3-classes/tests.py"]


def blocks(page: Path, *kinds: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text()) if kind in kinds]


def name(path: Path) -> str:
    return str(path.relative_to(TUTORIAL))


@pytest.fixture
def copy(tmp_path):
    """Return a copy of the tutorial, as a reader has it before the first command."""
    unwanted = shutil.ignore_patterns("__pycache__", "db.sqlite3")
    return shutil.copytree(TUTORIAL, tmp_path / "tutorial", ignore=unwanted)


def run(command: str, directory: Path) -> subprocess.CompletedProcess[str]:
    options = {"cwd": directory, "env": environment(), "capture_output": True, "text": True}
    return subprocess.run(["sh", "-c", command], timeout=240, **options)


def environment() -> dict[str, str]:
    """Return the environment of somebody who has activated the one that runs this test."""
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    return {**kept, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}


def test_there_are_seven_steps():
    assert len(PAGES) == 8


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_shows_code_of_its_step(page):
    files = [path.read_text() for path in (*page.parent.rglob("*.py"), *TUTORIAL.glob("blog/*.py"))]
    shown = blocks(page, "python")
    assert [code for code in shown if not any(f"{code}\n" in file for file in files)] == []


@pytest.mark.parametrize("page", PAGES[1:], ids=name)
def test_a_page_shows_in_full_what_is_new(page):
    new = [page.parent / file for file in WHOLE if (page.parent / file).exists()]
    files = [path for path in new if name(path) not in NOT_WHOLE]
    shown = blocks(page, "python")
    assert files
    assert [path.name for path in files if path.read_text().rstrip() not in shown] == []


@pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed")
def test_every_command_does_what_its_page_says(copy):
    steps = [
        block
        for page in PAGES
        for block in BLOCK.findall(page.read_text())
        if block[0] in ("sh", "json")
    ]
    port, servers, printed = free_port(), [], ""
    try:
        for kind, text in steps:
            text = text.replace(":8000/", f":{port}/")
            if kind == "json":
                assert printed == text
            elif "runserver" in text:
                servers.append(serve(text, port, copy))
            else:
                ran = run(f"set -e\n{text}", copy)
                assert ran.returncode == 0, (text, ran.stderr)
                printed = ran.stdout.strip()
    finally:
        for server in servers:
            server.terminate()
            server.wait()
    assert len(servers) == 1
    assert printed  # of the last command


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def serve(command: str, port: int, directory: Path) -> subprocess.Popen[bytes]:
    """Start the server on this port, and return when it responds."""
    options = {"cwd": directory, "env": environment(), "stderr": subprocess.DEVNULL}
    words = [*shlex.split(command), "--noreload", str(port)]
    server = subprocess.Popen(words, stdout=subprocess.DEVNULL, **options)
    patiently = "curl -s --retry 60 --retry-connrefused --retry-delay 1"
    assert run(f"{patiently} http://127.0.0.1:{port}/1/posts/", directory).returncode == 0
    return server


def test_the_contract_holds_in_every_step(copy):
    ran = run("python manage.py test 3-classes 7-the-contract", copy)
    assert ran.returncode == 0, ran.stderr
    assert "Ran 37 tests" in ran.stderr  # seven through five interfaces, step 1 and the links


def test_the_contract_finds_the_mistake_that_its_page_describes(copy):
    actions = copy / "blog" / "actions.py"
    actions.write_text(actions.read_text().replace("body.strip()", "body"))
    ran = run("python manage.py test 7-the-contract -k spaces", copy)
    failed = re.findall(r"^FAIL: (\w+) \(7-the-contract.tests.(\w+)", ran.stderr, re.MULTILINE)
    assert failed == [("test_spaces_are_no_post", "AGraphQLSchema")]


def test_no_migration_is_missing(copy):
    assert run("python manage.py makemigrations --check --dry-run", copy).returncode == 0


# -- The count of lines in step 3 --------------------------------------------------------------


def counted(file: str) -> dict[str, int]:
    """Return the lines of each definition as written: no docstrings, no empty lines."""
    text = (TUTORIAL / file).read_text().splitlines()
    found = {}
    for node in ast.parse("\n".join(text)).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            first = min(one.lineno for one in (node, *node.decorator_list))
            own = [line.strip() for line in text[first - 1 : node.end_lineno]]
            found[node.name] = sum(bool(line) and not line.startswith('"""') for line in own)
    return found


def test_the_count_of_lines_is_right():
    page = (TUTORIAL / "3-classes/README.md").read_text()
    posts = [sum(counted(f"{step}/views.py").values()) for step in ("2-six-functions", "3-classes")]
    assert [int(one) for one in re.findall(r"has \*\*(\d+)\*\*", page)] == posts

    functions = counted("3-classes/links_as_functions.py")
    classes = counted("3-classes/links_as_classes.py")
    pages = ["List", "Detail", "Create", "Update", "Delete"]
    mixins = {"List": "LinkMixin", "Create": "LinkFormMixin"}  # where they are first needed
    by_function = accumulate(functions[f"link_{one.lower()}"] for one in pages)
    by_class = accumulate(
        classes[f"Link{one}"] + classes.get(mixins.get(one, ""), 0) for one in pages
    )
    table = re.findall(r"^\| \d [\w ]+ \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    expected = list(zip(by_function, by_class, strict=True))
    assert [(int(one), int(other)) for one, other in table] == expected
    assert [one > other for one, other in expected] == [False, False, False, True, True]
    assert expected[-1][0] - expected[-1][1] == 10
