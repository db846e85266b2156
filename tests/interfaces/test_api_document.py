"""Run the commands of docs/api.md with bash and curl; the output is what the document shows."""

import fnmatch
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.pictures import picture

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs/api.md").read_text()
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall(DOCUMENT)
END = "-- the end of a block --"

pytestmark = pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("bash")), reason="curl or bash is not installed"
)


@pytest.fixture
def printed(transactional_db, live_server, settings, person, tmp_path):
    """Return what each command of the document prints, in order."""
    person("me", password="correct horse battery")
    (tmp_path / "photo.png").write_bytes(picture((40, 30)).read())
    # The default number, in a period that is never over before the script is.
    settings.LIMITS = settings.LIMITS | {"anonymous_post": "5/day"}
    commands = [text for kind, text in BLOCKS if kind == "sh"]
    script = "".join(f"{command}\nprintf '%s\\n' '{END}'\n" for command in commands)
    script = script.replace("http://127.0.0.1:8000", live_server.url)
    shell = ["bash", "-euo", "pipefail", "-c", script]
    done = subprocess.run(shell, cwd=tmp_path, capture_output=True, timeout=300)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    return done.stdout.decode().split(f"{END}\n")


def test_every_command_prints_what_the_document_says(printed):
    documented = [block for block in BLOCKS if block[0] != "sh"]
    shown = [text for text in printed if text.strip()]
    assert len(shown) == len(documented) > 15
    for (kind, text), got in zip(documented, shown, strict=True):
        if kind == "text":
            assert got == text
        else:
            same(parsed(text), parsed(got))


def parsed(response: str) -> dict[str, object]:
    """Split a response, as `curl -i` prints it, into status, names of headers, and JSON."""
    head, _, body = response.replace("\r\n", "\n").partition("\n\n")
    status, *headers = head.splitlines()
    names = {name.lower() for name in (header.partition(":")[0] for header in headers)}
    body = json.loads(body) if body.strip() else None
    return {"status": status.split()[1], "headers": names, "body": body}


def same(documented: object, got: object) -> None:
    """Assert that both are equal. Numbers may differ; `…` is any text, `"…": "…"` other fields."""
    if isinstance(documented, dict):
        assert isinstance(got, dict), got
        more = set(got) - set(documented)
        assert bool(more) == ("…" in documented), more
        for name, value in documented.items():
            if name != "…":
                same(value, got[name])
    elif isinstance(documented, list):
        assert isinstance(got, list), got
        assert len(documented) == len(got), got
        for value, actual in zip(documented, got, strict=True):
            same(value, actual)
    elif isinstance(documented, set):
        assert documented <= got
    elif isinstance(documented, str) and "…" in documented:
        assert isinstance(got, str), got
        assert fnmatch.fnmatchcase(got, "*".join(map(glob_free, documented.split("…")))), got
    elif type(documented) is int:
        assert type(got) is int, got
    else:
        assert documented == got


def glob_free(text: str) -> str:
    return re.sub(r"([?*[])", r"[\1]", text)
