"""Take screenshots of the main screens of a running site, for the README: docs/images/*.jpg.

    python tools/screenshots.py http://127.0.0.1:8000 [E-MAIL PASSWORD]

The site should have something to show: `make demo` fills it.
"""

import sys
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.e2e import browser as browsers  # noqa: E402

IMAGES = ROOT / "docs" / "images"
SIZES = {"desktop": {"width": 1280, "height": 800}, "phone": {"width": 390, "height": 844}}
SCREENS = {
    "app": "/",
    "app-settings": "/settings",
    "app-login": "/login",
    "pages-list": "/fbv/posts/",
    "pages-new": "/cbv/posts/new/",
    "pages-profile": "/accounts/profile/",
    "pages-missing": "/cbv/posts/0/",
}


def main(site: str, email: str = "", password: str = "") -> None:
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        program = browsers.find() or sys.exit(f"μblog: {browsers.MISSING}")
        browser = playwright.chromium.launch(executable_path=program, args=browsers.FLAGS)
        for size, theme in product(SIZES, ("light", "dark")):
            shoot(browser, site, size, theme, {"email": email, "password": password})
        browser.close()


def shoot(browser: Browser, site: str, size: str, theme: str, who: dict[str, str]) -> None:
    context = browser.new_context(base_url=site, viewport=SIZES[size], color_scheme=theme)
    if who["email"]:
        response = context.request.post("/api/auth/token/", headers={"X-Ublog": "1"}, data=who)
        if not response.ok:
            sys.exit(f"μblog: {who['email']} cannot log in at {site}: {response.text()}")
    page = context.new_page()
    for name, address in SCREENS.items():
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=IMAGES / f"{name}-{size}-{theme}.jpg", type="jpeg", quality=60)
    context.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
