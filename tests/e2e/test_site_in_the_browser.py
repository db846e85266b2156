"""An administrator gives the site its looks, makes a backup and hands out links in the browser."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, PHONE, png
from ublog.accounts import actions as accounts
from ublog.accounts.models import Mail
from ublog.accounts.tasks import send_mail
from ublog.blog import actions
from ublog.core.colours import shades
from ublog.operations.backups import create, verify

# Where to store pictures of the screens, to look at.
PICTURES = os.environ.get("UBLOG_TEST_SCREENSHOTS")


@pytest.fixture
def office(member, log_in):
    """Return an administrator, who is logged in in this browser."""
    return log_in(member("olga", is_staff=True, is_superuser=True))


def look(page, name: str) -> None:
    if PICTURES:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(PICTURES, f"{name}.png"))


def in_css(colour: str) -> str:
    return f"rgb({', '.join(str(part) for part in bytes.fromhex(colour[1:]))})"


def test_a_club_gives_its_site_a_colour_a_logo_and_a_pinned_post(page, office, bob, complaints):
    pinned = actions.publish(by=bob, body="Read me first: https://example.org/").pk
    for number in range(3):
        actions.publish(by=bob, body=f"Post {number}")
    page.goto("/accounts/site/")
    page.get_by_role("link", name="Logo, colour and pinned post").click()
    page.get_by_label("Colour").fill("#ffffff")
    with complaints.expecting("400"):
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("This colour is too light")).to_be_visible()
    page.get_by_label("Colour").fill("#0a7d4b")
    logo = {"name": "logo.png", "mimeType": "image/png", "buffer": png(300, 200)}
    page.get_by_label("Logo").set_input_files(logo)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("The looks of the site are saved.")
    look(page, "looks")
    page.goto(f"/fbv/posts/{pinned}/")
    page.get_by_role("button", name="Pin this post above the timeline").click()
    expect(page.get_by_role("region", name="Pinned")).to_contain_text("Read me first")
    for theme, shade in shades("#0a7d4b").items():
        page.emulate_media(color_scheme=theme)
        for path in ("/fbv/posts/", "/"):
            page.set_viewport_size(PHONE)
            page.goto(path)
            expect(page.get_by_role("region", name="Pinned")).to_contain_text("Read me first")
            button = page.locator(".btn-primary").first
            expect(button).to_have_css("background-color", in_css(shade))
            mark = page.locator(".brand-mark").first
            expect(mark).to_have_css("background-image", re.compile(r"/media/site/.+\.png"))
            look(page, f"{theme}-phone{path.replace('/', '-')}")
            page.set_viewport_size({"width": 1200, "height": 900})
            look(page, f"{theme}-wide{path.replace('/', '-')}")


def test_an_administrator_makes_a_backup_and_downloads_it(page, office, settings, tmp_path, bob):
    settings.BACKUP_DIR = tmp_path / "backups"
    actions.publish(by=bob, body="Kept")
    page.goto("/accounts/site/")
    page.get_by_role("link", name="Backups").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Make a backup").click()
    expect(page.get_by_role("status")).to_contain_text("A backup is being made.")
    made = create.make(settings.BACKUP_DIR)  # as the worker does
    page.reload()
    look(page, "backups")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    (tmp_path / "copy").mkdir()
    subprocess.run(["tar", "xf", file, "-C", tmp_path / "copy"], check=True)
    assert verify.problems(tmp_path / "copy" / made.name) == []
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_role("status")).to_have_text("This backup is complete.")


def test_an_administrator_copies_a_link_that_was_not_sent(page, office, settings, tmp_path, bob):
    settings.MAIL_DIR, settings.SMTP_URL = tmp_path / "mails", ""
    settings.EMAIL_BACKEND = "ublog.core.mail.DirectoryEmailBackend"
    accounts.request_password_reset(email=bob.email)
    send_mail(Mail.objects.get().pk)
    page.goto("/accounts/site/")
    page.get_by_role("link", name="Links that were not sent").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    field = page.get_by_label("bob@example.org: sets a new password")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    look(page, "unsent")
    page.goto(field.input_value())
    expect(page.get_by_label("New password")).to_be_visible()
