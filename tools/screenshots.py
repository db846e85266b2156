"""Take the screenshots of the README from a running site: docs/images/*.jpg.

    python tools/screenshots.py http://127.0.0.1:8000 [E-MAIL PASSWORD]

The site should have something to show: the README's was filled by `make demo POSTS=40
ARGS="--seed 5"`. The machine needs fonts for all of it (Debian: fonts-noto-core, fonts-noto-cjk,
fonts-noto-color-emoji).
"""

import sys
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e import browser as browsers  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
# Name, path, size and theme of each.
SCREENS = [
    ("app", "/", "desktop", "light"),
    ("app", "/", "phone", "dark"),
    ("pages-list", "/fbv/posts/", "desktop", "light"),
]


def main(site: str, email: str = "", password: str = "") -> None:
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
    # A headless browser draws no scrollbars, and the room for them would be an empty strip.
    page.add_style_tag(content="html { scrollbar-gutter: auto !important }")
    page.screenshot(path=target, type="jpeg", quality=60)


if __name__ == "__main__":
    main(*sys.argv[1:])
