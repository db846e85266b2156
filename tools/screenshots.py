"""Take the screenshots of the README: docs/images/*.jpg.

    python tools/screenshots.py                                         a site of its own
    python tools/screenshots.py http://127.0.0.1:8000 [E-MAIL PASSWORD]    one that runs

A site of its own is filled by `demo`, and removed. The front end must be built, and the machine
needs fonts for all of it (Debian: fonts-noto-core, fonts-noto-cjk, fonts-noto-color-emoji).
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e import browser as browsers  # noqa: E402
from tests.faults.site import eventually, is_up  # noqa: E402
from tests.faults.site import site as start_site  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
# Name, path, size and theme of each.
SCREENS = [
    ("app", "/", "desktop", "light"),
    ("app", "/", "phone", "dark"),
    ("pages-list", "/fbv/posts/", "desktop", "light"),
    ("compare", "/compare/like/?run=1", "desktop", "light"),
]
DEMO = ["--posts", "40", "--seed", "5"]


def main(site: str = "", email: str = "", password: str = "") -> None:
    if site:
        take(site, email, password)
    else:
        with own_site() as (url, demo_password):
            take(url, "alice@example.org", demo_password)


@contextmanager
def own_site() -> Iterator[tuple[str, str]]:
    """Start a site and fill it. Yield its URL, and the password of all users of the demo."""
    with start_site() as site:
        site.start("web")
        site.start("worker")
        command = [sys.executable, "manage.py", "demo", *DEMO]
        options = {"cwd": ROOT, "env": site.environment, "check": True, "text": True}
        shown = subprocess.run(command, capture_output=True, **options).stdout
        eventually(lambda: is_up(site.port))
        yield site.url, re.search(r"with the password (\S+)", shown)[1]


def take(site: str, email: str, password: str) -> None:
    """Take each screenshot of a site that runs."""
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        program = browsers.find() or sys.exit(f"μblog: {browsers.MISSING}")
        browser = playwright.chromium.launch(executable_path=program, args=browsers.FLAGS)
        for name, path, size, theme in SCREENS:
            # The policy would not allow the style that is added below.
            options = {"viewport": SIZES[size], "color_scheme": theme, "bypass_csp": True}
            context = browser.new_context(base_url=site, **options)
            if email:
                log_in(context, email, password)
            shoot(context.new_page(), path, IMAGES / f"{name}-{size}-{theme}.jpg")
            context.close()
        browser.close()


def log_in(context: BrowserContext, email: str, password: str) -> None:
    who = {"email": email, "password": password}
    response = context.request.post("/api/auth/token/", headers={"X-Ublog": "1"}, data=who)
    if not response.ok:
        sys.exit(f"μblog: {email} cannot log in: {response.text()}")


def shoot(page: Page, path: str, target: Path) -> None:
    page.goto(path)
    page.wait_for_load_state("networkidle")
    if page.viewport_size == SIZES["phone"]:
        # A post with a picture: the first one may be further down.
        page.locator("article:has(img[srcset], img[width])").first.evaluate(
            "post => post.scrollIntoView({block: 'center'})"
        )
        page.wait_for_load_state("networkidle")
    # A run of the comparison has half a second, which a busy machine may not have.
    for _ in range(5):
        if page.locator(".cmp-strip").count() and page.locator(".cmp-yes").count() < 5:
            page.reload(wait_until="networkidle")
    # A headless browser draws no scrollbars, and the room for them would be an empty strip.
    page.add_style_tag(content="html { scrollbar-gutter: auto !important }")
    page.screenshot(path=target, type="jpeg", quality=60)


if __name__ == "__main__":
    main(*sys.argv[1:])
