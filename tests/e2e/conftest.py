"""A browser and a live server. A message of the browser's console fails the test."""

import os
import signal
import subprocess
from contextlib import contextmanager

import pytest
from django.conf import settings as django_settings
from PIL import Image
from playwright.sync_api import Page, expect

from tests.e2e import browser as browsers
from tests.faults.site import ROOT, Site, eventually, is_up
from tests.pictures import encoded

# Playwright runs an event loop in this thread, where Django else raises SynchronousOnlyOperation.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
PASSWORD = "correct horse battery staple"
MAKE_ALICE = f"""from ublog.accounts.models import CustomUser
CustomUser.objects.create_user("alice@example.org", username="alice", password="{PASSWORD}")"""
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

PATIENCE = 30_000  # milliseconds, as long as actions wait: the machine may be busy
expect.set_options(timeout=PATIENCE)

# `--slow`, which `make test-slow` says: a slow phone on a slow network.
CPU_SLOWER, LATENCY = 3, 300  # times; milliseconds of each request


def png(width: int, height: int) -> bytes:
    return encoded(Image.new("RGB", (width, height), "teal"))


def pytest_configure(config):
    if config.getoption("slow", False):
        expect.set_options(timeout=3 * PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args():
    program = browsers.find()
    if not browsers.can_be_driven():
        (pytest.fail if browsers.must_be_there() else pytest.skip)(browsers.MISSING)
    if not django_settings.DJANGO_VITE["default"]["manifest_path"].exists():
        pytest.fail("The front end is not built: `make test` builds it.")
    return {"executable_path": program, "args": browsers.FLAGS, "headless": True}


@pytest.fixture
def browser_context_args(site):
    """Return the options of each context. The service worker has tests of its own: requests that it
    sends could not be held or fulfilled by a test."""
    return {
        "base_url": site,
        "viewport": DESKTOP,
        "locale": "en-GB",
        "reduced_motion": "reduce",
        "service_workers": "block",
    }


@pytest.fixture
def context(context, pytestconfig):
    """Return the browser's context; with `--slow` its tabs are slow."""
    if pytestconfig.getoption("slow"):
        context.set_default_timeout(3 * PATIENCE)
        slow_down(context)
    return context


def slow_down(context) -> None:
    """Slow its tabs down: https://chromedevtools.github.io/devtools-protocol/."""
    sessions, set_offline = [], context.set_offline

    def conditions(offline: bool = False) -> dict:
        rates = {"downloadThroughput": -1, "uploadThroughput": -1}
        return {"offline": offline, "latency": LATENCY, **rates}

    def slow_page(page: Page) -> None:
        devtools = page.context.new_cdp_session(page)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", conditions())
        page.on("close", lambda: sessions.remove(devtools))
        sessions.append(devtools)

    def set_offline_slow(offline: bool) -> None:
        # Playwright has a session of its own, which would leave that of the latency online.
        set_offline(offline)
        for devtools in sessions:
            devtools.send("Network.emulateNetworkConditions", conditions(offline))

    context.on("page", slow_page)
    context.set_offline = set_offline_slow


@pytest.fixture
def site(live_server, settings, no_limits):
    """Return the URL of the live server, which is the site's URL in the settings, too."""
    settings.SITE_URL = live_server.url
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    return live_server.url


def clear_cookies(page: Page) -> None:
    """Clear them once no response is awaited that sets one, as that of the refresh does."""
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies()


class Complaints(list):
    """The errors that browsers reported, without those that a test expects."""

    expected: tuple[str, ...] = ()

    def watch(self, page: Page) -> Page:
        page.on("console", lambda line: self.note(line.text) if line.type == "error" else None)
        page.on("pageerror", lambda error: self.note(str(error)))
        return page

    def note(self, text: str) -> None:
        if not any(part in text for part in self.expected):
            self.append(text)

    @contextmanager
    def expecting(self, *parts: str):
        """`with complaints.expecting("429"):` ignores errors with that text, from then on."""
        self.expected += parts
        yield


@pytest.fixture
def complaints():
    found = Complaints()
    yield found
    assert not found, f"The browser complained: {found}"


@pytest.fixture
def page(context, complaints):
    """Return a new tab. The errors of every tab of the test are recorded."""
    context.on("page", complaints.watch)
    return context.new_page()


@pytest.fixture
def member(person):
    """Return a function that creates a user with a password."""
    return lambda name, **fields: person(name, password=PASSWORD, **fields)


@pytest.fixture
def log_in(context):
    """Return a function that logs a user in with the request of the app, without its form."""

    def send(user):
        response = context.request.post(
            "/api/auth/token/",
            headers={"X-Ublog": "1"},
            data={"email": user.email, "password": PASSWORD},
        )
        assert response.ok, response.text()
        return user

    return send


@pytest.fixture
def alice(member, log_in):
    """Return Alice, who is logged in in this browser."""
    return log_in(member("alice", display_name="Alice Lindqvist"))


class RealSite(Site):
    """A site in a process of its own, which can be killed."""

    def start(self, name: str = "web") -> None:
        super().start(name)
        eventually(lambda: is_up(self.port))

    def kill(self) -> None:
        """Kill the server and its workers, as `kill -9` does."""
        os.killpg(self.running["web"].pid, signal.SIGKILL)
        self.running.pop("web").wait()
        eventually(lambda: not is_up(self.port))

    def launch(self, name: str, command: list[str]) -> None:
        with open(self.data.parent / "log", "ab") as log:
            self.running[name] = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, process_group=0
            )


@pytest.fixture
def real_site(tmp_path):
    """A migrated site on SQLite where Alice has an account."""
    (tmp_path / "data").mkdir(mode=0o700)
    # With debug on, static files need not be collected, which takes a minute.
    made = RealSite(tmp_path / "data", DJANGO_SETTINGS_MODULE="ublog.settings", UBLOG_DEBUG="on")
    made.environment.pop("DATABASE_URL", None)
    made.run("manage.py", "migrate", "-v0")
    made.run("manage.py", "shell", "-v0", "-c", MAKE_ALICE)
    made.start()
    yield made
    made.stop()
