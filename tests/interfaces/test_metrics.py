"""The metrics for Prometheus: who may read them, what they count, and in which processes."""

import pytest
from prometheus_client.parser import text_string_to_metric_families as families

from tests.contract.drivers import DRIVERS
from tests.contract.exceptions import RateLimited
from tests.faults.site import Site, eventually
from ublog.core.background import outbox
from ublog.core.models import OutboxEntry
from ublog.core.observability import counters
from ublog.core.observability.request_metrics import (
    INTERFACES,
    METHODS,
    count_requests,
    interface_of,
)

TOKEN = "a token of the tests"


@pytest.fixture
def scrape(client, settings):
    """Return a function that reads the samples of /metrics, by name and labels."""
    settings.METRICS_TOKEN = TOKEN
    return lambda: samples(
        client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    )


def samples(text):
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in families(text)
        for sample in family.samples
    }


def requests_total(interface, method="GET", status="200"):
    labels = {"interface": interface, "method": method, "status": status}
    return ("ublog_requests_total", *sorted(labels.items()))


def test_without_a_token_in_the_settings_metrics_are_a_404(db, client, settings):
    settings.METRICS_TOKEN = ""
    for value in ("", "Bearer ", "Bearer None"):
        assert client.get("/metrics", headers={"Authorization": value}).status_code == 404


@pytest.mark.parametrize("value", ["", "Bearer wrong", "Bearer ä", f"Basic {TOKEN}", TOKEN])
def test_without_the_token_metrics_are_a_404(db, client, settings, value):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"Authorization": value}).status_code == 404


def test_metrics_are_not_cached(db, client, settings):
    settings.METRICS_TOKEN = TOKEN
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_an_exceeded_limit_is_counted(db, scrape, settings):
    settings.LIMITS = {**settings.LIMITS, "anonymous_post": "1/hour"}
    hit = ("ublog_limits_hit_total", ("limit", "anonymous_post"))
    before = scrape().get(hit, 0)
    interface = DRIVERS[0](None)
    interface.publish("One")
    with pytest.raises(RateLimited):
        interface.publish("Two")
    assert scrape()[hit] == before + 1


def test_a_wrong_password_is_counted(alice, client, scrape):
    failures = ("ublog_login_failures_total", ("where", "login"))
    before = scrape().get(failures, 0)
    client.post("/accounts/login/", {"username": alice.email, "password": "wrong"})
    assert scrape()[failures] == before + 1


def test_tasks_that_ran_and_that_wait_are_counted(db, scrape, monkeypatch):
    done = OutboxEntry.objects.create(task=outbox.sweep.name, ids=[])
    outbox.perform(str(done.pk))
    failing = OutboxEntry.objects.create(task=outbox.sweep.name, ids=[])
    monkeypatch.setattr(outbox.sweep, "run", lambda: 1 / 0)
    outbox.perform(str(failing.pk))
    found = scrape()
    for outcome in ("done", "failed"):
        key = ("ublog_tasks_total", ("outcome", outcome), ("task", outbox.sweep.name))
        assert found[key] == 1
    assert found[("ublog_tasks_waiting",)] == 1
    assert found[("ublog_tasks_given_up",)] == 0
    assert found[("ublog_beat_seen_seconds",)] >= 0
    assert found[("ublog_database_up",)] == 1


@pytest.mark.parametrize(
    ("path", "interface"),
    [
        ("/fbv/posts/1/", "pages-functions"),
        ("/api/fbv/posts/", "rest-functions"),
        ("/api/cbv/posts/", "rest-viewsets"),
        ("/api/auth/token/", "rest-accounts"),
        ("/graphql/", "graphql"),
        ("/@alice", "app"),
        ("/whatever/else", "app"),
    ],
)
def test_each_url_belongs_to_an_interface(path, interface):
    assert interface_of(path) == interface


def test_labels_have_few_values_whatever_is_sent(db, rf, settings):
    """Made-up URLs and methods must not fill the memory."""
    settings.METRICS_TOKEN = TOKEN
    count = count_requests(lambda request: Response())
    for number in range(50):
        count(rf.generic(f"M{number}", f"/{number}/"))
    found = [sample for family in counters.counted.collect() for sample in family.samples]
    interfaces = {sample.labels["interface"] for sample in found if "interface" in sample.labels}
    assert interfaces <= {*INTERFACES.values(), "app"}
    assert {s.labels["method"] for s in found if "method" in s.labels} <= METHODS | {"other"}


class Response:
    status_code = 200


def test_queries_are_counted(alice, rf, settings):
    settings.METRICS_TOKEN = TOKEN
    counter = counters.queries.labels("app")
    before = counter._value.get()
    count = count_requests(lambda request: alice.refresh_from_db() or Response())
    count(rf.get("/"))
    assert counter._value.get() == before + 1


def test_the_counts_of_two_web_processes_are_added_up(tmp_path):
    """With a real gunicorn: each process reports at /metrics what both have counted."""
    site = Site(tmp_path / "data", UBLOG_METRICS_TOKEN=TOKEN, UBLOG_WEB_WORKERS="2")
    site.environment.pop("DATABASE_URL", None)
    site.environment["UBLOG_DEBUG"] = "on"  # static files need not be collected
    site.data.mkdir()
    site.run("manage.py", "migrate", "-v0")
    try:
        site.start("web")
        eventually(lambda: is_up(site), patience=120)
        eventually(lambda: both_counted(site), patience=120)
        for _ in range(20):
            assert site.fetch("/api/fbv/posts/")[0] == 200
        found = [samples(figures(site)) for _ in range(4)]
        assert {one[requests_total("rest-functions")] for one in found} == {20}
        assert (tmp_path / "data/metrics").stat().st_mode & 0o777 == 0o700
    finally:
        site.stop()


def is_up(site):
    try:
        return site.fetch("/health/live/")[0] == 200
    except OSError:
        return False


def both_counted(site):
    """Return whether both processes have written metrics: the kernel chooses which one serves."""
    site.fetch("/health/live/")
    return len(list((site.data / "metrics").glob("counter_*.db"))) == 2


def figures(site):
    return site.fetch("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})[1].decode()
