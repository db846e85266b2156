"""A browser beside a live server. Whatever the console complains of fails the test."""

import os
import signal
import subprocess
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import browser as browsers
from tests.faults.site import ROOT, Site, answers, eventually
from tests.pictures import encoded

# Playwright runs an event loop in this thread, where Django would refuse to touch the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
PASSWORD = "correct horse battery staple"
MAKE_ALICE = f"""from ublog.accounts.models import CustomUser
CustomUser.objects.create_user("alice@example.org", username="alice", password="{PASSWORD}")"""
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

expect.set_options(timeout=30_000)  # as actions wait; a busy machine is no fault of the app


def png(width: int, height: int) -> bytes:
    return encoded(Image.new("RGB", (width, height), "teal"))


@pytest.fixture(scope="session")
def browser_type_launch_args():
    program = browsers.find()
    if program is None:
        (pytest.fail if browsers.must_be_there() else pytest.skip)(browsers.MISSING)
    if not django_settings.DJANGO_VITE["default"]["manifest_path"].exists():
        pytest.fail("The front end is not built: `make test` builds it.")
    return {"executable_path": program, "args": browsers.FLAGS, "headless": True}


@pytest.fixture
def browser_context_args(site):
    return {"base_url": site, "viewport": DESKTOP, "locale": "en-GB", "reduced_motion": "reduce"}


@pytest.fixture
def site(live_server, settings, no_limits):
    """The address of a server that takes itself for the configured site."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


class Complaints(list):
    """What browsers complained of, less what a test expects them to."""

    expected: tuple[str, ...] = ()

    def watch(self, page: Page) -> Page:
        page.on("console", lambda said: self.note(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.note(str(error)))
        return page

    def note(self, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.append(text)

    @contextmanager
    def expecting(self, *parts: str):
        """`with complaints.expecting("429"):` such a response is what the test is about."""
        self.expected += parts
        yield


@pytest.fixture
def complaints():
    found = Complaints()
    yield found
    assert not found, f"The browser complained: {found}"


@pytest.fixture
def page(context, complaints):
    """A tab; every tab of the test is watched."""
    context.on("page", complaints.watch)
    return context.new_page()


@pytest.fixture
def member(person):
    """A function that makes a person with a password."""
    return lambda name, **fields: person(name, password=PASSWORD, **fields)


@pytest.fixture
def log_in(context):
    """Return a function that logs a user in as the app does, without its form."""

    def as_the_app(someone):
        response = context.request.post(
            "/api/auth/token/",
            headers={"X-Ublog": "1"},
            data={"email": someone.email, "password": PASSWORD},
        )
        assert response.ok, response.text()
        return someone

    return as_the_app


@pytest.fixture
def alice(member, log_in):
    """Alice, logged in in this browser."""
    return log_in(member("alice", display_name="Alice Lindqvist"))


class RealSite(Site):
    """A site in a process of its own, which can be killed."""

    def start(self, name: str = "web") -> None:
        super().start(name)
        eventually(lambda: answers(self.port))

    def kill(self) -> None:
        """As `kill -9` does, the server and its workers."""
        os.killpg(self.running["web"].pid, signal.SIGKILL)
        self.running.pop("web").wait()
        eventually(lambda: not answers(self.port))

    def launch(self, name: str, command: list[str]) -> None:
        with open(self.data.parent / "log", "ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, process_group=0
            )


@pytest.fixture
def real_site(tmp_path):
    """A migrated site on SQLite where Alice has an account."""
    (tmp_path / "data").mkdir(mode=0o700)
    # Developing, static files are served from where they are: collecting them takes a minute.
    made = RealSite(tmp_path / "data", DJANGO_SETTINGS_MODULE="ublog.settings", UBLOG_DEBUG="on")
    made.environment.pop("DATABASE_URL", None)
    made.run("manage.py", "migrate", "-v0")
    made.run("manage.py", "shell", "-v0", "-c", MAKE_ALICE)
    made.start()
    yield made
    made.stop()
