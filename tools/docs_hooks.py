"""Hooks of mkdocs: add to docs/ what it links to elsewhere in the repository.

README.md becomes the first page. A file outside docs/ that a page links to becomes a page below
`source/`: a document as it is, and code highlighted. A link to a directory becomes plain text.
"""

import logging
import posixpath
import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
FIRST = ROOT / "README.md"
IN_NAV = [ROOT / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "UPGRADING.md")]
# A fenced block or a piece of inline code, which stays as it is, or a relative link.
LINK = re.compile(
    r"^```.*?^```$|``?[^`\n]+``?|\[(?P<text>[^\[\]]*)\]\((?!\w+:)(?P<target>[^)\s]+)\)",
    re.MULTILINE | re.DOTALL,
)
# What a browser would load from another site as soon as it opens the page.
LOADED = re.compile(r'<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?//[^"]*"')
AS_IT_IS = {".png", ".jpg", ".svg", ".graphql", ".yaml"}
LANGUAGES = {".py": "python", ".ts": "typescript", ".vue": "vue", ".html": "html+jinja"}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add README.md and, beginning with all documents, each file that one links to."""
    documents = (Path(file.abs_src_path) for file in files.documentation_pages())
    waiting = [FIRST, *IN_NAV, *documents]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        if not in_docs(path):
            files.append(File.generated(config, uri(path), content=content(path)))
        linked = links(path) if path.suffix == ".md" else set()
        waiting += linked - seen
        seen |= linked
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Return the text of a page with its links to where the files are on the site."""
    path = source(page.file.src_uri)
    if path.suffix != ".md":
        return markdown
    start = posixpath.dirname(page.file.src_uri)

    def on_site(found: re.Match[str]) -> str:
        target, _, anchor = (found["target"] or "").partition("#")
        if not target:
            return found[0]
        to = (path.parent / target).resolve()
        if to.is_dir():
            return found["text"]
        href = posixpath.relpath(uri(to), start or ".")
        return f"[{found['text']}]({href}{'#' * bool(anchor)}{anchor})"

    text = LINK.sub(on_site, markdown)
    return text.replace('src="docs/', 'src="') if path == FIRST else text


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> None:
    """Warn if a page loads something from another site."""
    for tag in LOADED.findall(output):
        logging.getLogger("mkdocs.hooks").warning("%s loads %s", page.file.src_uri, tag)


def links(path: Path) -> set[Path]:
    """Return the files that a document links to and that become pages."""
    targets = (found["target"] for found in LINK.finditer(path.read_text()))
    files = {(path.parent / target.partition("#")[0]).resolve() for target in targets if target}
    return {file for file in files if file.is_file() and uri(file).startswith("source/")}


def in_docs(path: Path) -> bool:
    return path.is_relative_to(ROOT / "docs") and path.suffix in {".md", *AS_IT_IS}


def uri(path: Path) -> str:
    """Return the path of a file of the repository on the site, before it is made HTML."""
    if path == FIRST:
        return "index.md"
    if in_docs(path):
        return path.relative_to(ROOT / "docs").as_posix()
    name = path.relative_to(ROOT).as_posix()
    return f"source/{name}" if path.suffix == ".md" else f"source/{name}.md"


def source(src_uri: str) -> Path:
    """Return the file of the repository that a page of the site shows."""
    if src_uri == "index.md":
        return FIRST
    if not src_uri.startswith("source/"):
        return ROOT / "docs" / src_uri
    name = ROOT / src_uri.removeprefix("source/")
    return name if name.exists() else name.with_suffix("")


def content(path: Path) -> str:
    """Return the page of a file: a document as it is, and code in a block."""
    text = path.read_text()
    if path.suffix == ".md":
        return text
    language = LANGUAGES.get(path.suffix, path.suffix.removeprefix(".") or "text")
    return f"# {path.relative_to(ROOT)}\n\n`````{language}\n{text.rstrip()}\n`````\n"
